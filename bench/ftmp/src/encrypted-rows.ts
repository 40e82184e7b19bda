/** The price of encryption: ours with its datagrams encrypted beside ours in the clear, of the same run. */
import { type Row, rowsOf, type Values } from '@choir/bench-groups/row';
import type { SystemName } from './system.ts';
import type { Work } from './work.ts';

const clear = 'choir in the clear';
/** Of what is reached in the clear. */
const shareTarget = 0.7;

export function encryptedRows(
  work: Pick<Work, 'name' | 'metrics'>,
  measured: ReadonlyMap<SystemName, readonly Values[]>,
): readonly Row[] {
  const encrypted = measured.get('choir-encrypted');
  if (encrypted === undefined) return [];
  const metrics = work.metrics.map(({ name, unit, better }) =>
    better === 'more' ? { name, unit, better, ratioTarget: shareTarget } : { name, unit, better },
  );
  const runs = new Map([
    ['choir', encrypted],
    [clear, measured.get('choir') ?? []],
  ]);
  const rows = rowsOf({ name: work.name, metrics, peers: [clear] }, runs);
  return rows.map((row) => ({ ...row, metric: `${row.metric}, encrypted` }));
}
