/**
 * Where observers stand. They are given no state, and with it no place: a second marker may bring them in behind some of the multicasts of their first
 * view. The first of its multicasts that others were told too says behind how many.
 */
import type { RecordOf, ToolkitRecord } from '../vocabulary.ts';
import type { History } from './history.ts';

/** @param history of all of `records` @returns them, with observers' places in their first views put right; what nobody else was told of there is left out */
export function placed(
  records: readonly ToolkitRecord[],
  history: History,
): readonly ToolkitRecord[] {
  const offsets = offsetsOf(records, history);
  return records.flatMap((record) => {
    if (!('count' in record) || !isInFirstView(record, history)) return [record];
    const offset = offsets.get(record.node);
    if (offset !== undefined) return [{ ...record, count: record.count + offset }];
    return record.kind === 'told' && record.form === 'multicast' ? [] : [record];
  });
}

function offsetsOf(
  records: readonly ToolkitRecord[],
  history: History,
): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  for (const record of records) {
    if (record.kind !== 'told' || record.form !== 'multicast') continue;
    if (offsets.has(record.node) || !isInFirstView(record, history)) continue;
    const place = history.groups.get(record.group)?.places.get(record.message);
    if (place?.view === record.view) offsets.set(record.node, place.count - record.count);
  }
  return offsets;
}

function isInFirstView({ node, view }: Standing, { stays }: History): boolean {
  const stay = stays.get(node);
  return stay?.observes === true && stay.views[0]?.view === view;
}

type Standing = Pick<RecordOf<'told'>, 'node' | 'view'>;
