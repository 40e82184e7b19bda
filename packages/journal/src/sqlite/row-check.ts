/** Reading every row of every space, for the sake of what a reader would meet there. */
import type { DatabaseSync } from 'node:sqlite';
import { damaged, faultOf } from './fault.ts';
import { RowTable } from './row-table.ts';

const PAGE_BYTES = 1 << 20;

/** Throws a `DAMAGED` fault at the first row that is not whole, or not in its place. */
export function checkRows(database: DatabaseSync): void {
  try {
    const table = new RowTable(database);
    for (const space of spacesIn(database)) readThrough(table, space);
  } catch (error) {
    throw faultOf(error);
  }
}

/** Also of rows whose tail is gone: of these the table says that they go too far. */
function spacesIn(database: DatabaseSync): number[] {
  const stored = database.prepare('SELECT space FROM tails UNION SELECT space FROM rows').all();
  return stored.map(({ space }) => {
    if (typeof space !== 'number') throw damaged('the name of a space has lost its form');
    return space;
  });
}

function readThrough(table: RowTable, space: number): void {
  let after = 0;
  for (;;) {
    const { rows, done } = table.read(space, after, Number.MAX_SAFE_INTEGER, PAGE_BYTES);
    if (done) return;
    after = rows.at(-1)?.seq ?? after;
  }
}
