/** The price of encryption: ours with its datagrams encrypted beside ours in the clear, of the same run. */
import { type Row, rowsOf, type Values } from '@choir/bench-groups/row';
import type { Work } from './work.ts';

const clear = 'choir in the clear';
/** Of what is reached in the clear. */
const shareTarget = 0.7;

export type Pair = {
  readonly encrypted: readonly Values[];
  readonly clear: readonly Values[];
};

export function encryptedRows(
  work: Pick<Work, 'name' | 'metrics'>,
  measured: Pair,
): readonly Row[] {
  if (measured.encrypted.length === 0) return [];
  const metrics = work.metrics.map(({ name, unit, better }) =>
    better === 'more' ? { name, unit, better, ratioTarget: shareTarget } : { name, unit, better },
  );
  const runs = new Map([
    ['choir', measured.encrypted],
    [clear, measured.clear],
  ]);
  const rows = rowsOf({ name: work.name, metrics, peers: [clear] }, runs);
  return rows.map((row) => ({ ...row, metric: `${row.metric}, encrypted` }));
}
