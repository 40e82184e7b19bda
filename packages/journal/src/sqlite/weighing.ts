/** How much each space holds, counted a little at a time, so that commits go on in between. */
import type { DatabaseSync } from 'node:sqlite';
import type { SpaceSize } from '../journal.ts';

/** Rows that are looked at without a pause; of a long one only its head is read. */
const rowsAtOnce = 4_096;

/** Yields after every step. What is written meanwhile may be counted or not. */
export function* weigh(database: DatabaseSync): Generator<void, ReadonlyMap<number, SpaceSize>> {
  const next = database.prepare(
    'SELECT space, seq, length(bytes) AS bytes FROM rows WHERE (space, seq) > (?, ?) ' +
      'ORDER BY space, seq LIMIT ?',
  );
  const sizes = new Map<number, SpaceSize>();
  let [space, seq] = [-1, -1];
  for (;;) {
    const rows = next.all(space, seq, rowsAtOnce);
    for (const row of rows) {
      [space, seq] = [Number(row['space']), Number(row['seq'])];
      const { rows: count, bytes } = sizes.get(space) ?? { rows: 0, bytes: 0 };
      sizes.set(space, { rows: count + 1, bytes: bytes + Number(row['bytes']) });
    }
    if (rows.length < rowsAtOnce) return sizes;
    yield;
  }
}
