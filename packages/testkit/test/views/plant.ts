/** Changes to a trace of process groups: what a planted violation is made of. */
import type { ViewsRecord } from '../../src/views/index.ts';

export type Plant = (records: readonly ViewsRecord[]) => readonly ViewsRecord[];
export type Where = (record: ViewsRecord) => boolean;
type Fields = Readonly<Record<string, unknown>>;

/** Fields of a record, as they should be. */
export function like(fields: Fields): Where {
  return (record) =>
    Object.entries(fields).every(
      ([name, value]) => JSON.stringify(fieldOf(record, name)) === JSON.stringify(value),
    );
}

export function change(where: Where, fields: Fields): Plant {
  return (records) => {
    place(records, where);
    return records.map((one) => (where(one) ? ({ ...one, ...fields } as ViewsRecord) : one));
  };
}

export function drop(where: Where): Plant {
  return (records) => {
    place(records, where);
    return records.filter((one) => !where(one));
  };
}

/** Adds records at the time and node of the found one, unless they say otherwise. */
export function insertAfter(where: Where, ...added: readonly Fields[]): Plant {
  return (records) => {
    const at = place(records, where);
    const { t, node } = records[at] as ViewsRecord;
    const more = added.map((fields) => ({ t, node, ...fields }) as ViewsRecord);
    return [...records.slice(0, at + 1), ...more, ...records.slice(at + 1)];
  };
}

/** Lets a record happen right behind another one, which may come before or after it. */
export function moveAfter(where: Where, target: Where): Plant {
  return (records) => {
    const moved = records[place(records, where)] as ViewsRecord;
    const rest = records.filter((one) => one !== moved);
    const at = place(rest, target);
    const { t } = rest[at] as ViewsRecord;
    return [...rest.slice(0, at + 1), { ...moved, t }, ...rest.slice(at + 1)];
  };
}

/** Lets everything from a record on be later. */
export function delayFrom(where: Where, ms: number): Plant {
  return (records) => {
    const at = place(records, where);
    return records.map((one, index) => (index < at ? one : { ...one, t: one.t + ms }));
  };
}

export const all =
  (...plants: readonly Plant[]): Plant =>
  (records) =>
    plants.reduce((changed, plant) => plant(changed), records);

/** A plant that finds nothing to change would prove nothing. */
function place(records: readonly ViewsRecord[], where: Where): number {
  const found = records.findIndex(where);
  if (found === -1) throw new Error('the story has no such record');
  return found;
}

function fieldOf(record: ViewsRecord, name: string): unknown {
  return (record as Fields)[name];
}
