import { claim, claimSame, claimThrows, entriesOf, rowsOf } from './claims.ts';
import {
  allEntries,
  allRows,
  commit,
  entries,
  entry,
  openSession,
  readEntries,
  readRows,
  readRowsAt,
  row,
  type Session,
} from './session.ts';
import type { ConformanceCase, JournalStand } from './stand.ts';

/** The contract's bound on `read-rows-at`. */
const POSITIONS_MAX = 1_024;

/** Entries 1–20; rows of space 1 at even positions, of space 2 at 5 and 15. */
async function filled(stand: JournalStand): Promise<Session> {
  const session = await openSession(stand);
  const even = Array.from({ length: 10 }, (_, index) => row(1, 2 * index + 2));
  await session.ask(
    commit({ entries: entries(1, 20), rows: [...even, row(2, 5), row(2, 15)], applied: 20 }),
  );
  return session;
}

export const readCases: readonly ConformanceCase[] = [
  {
    name: 'a read sees what was requested before it',
    async run(stand) {
      const session = await openSession(stand);
      void session.ask(commit({ entries: entries(1, 3), rows: [row(1, 2)], applied: 2 }));
      const [log, rows] = await Promise.all([
        session.ask(readEntries(0)),
        session.ask(readRows(1, 0, 9)),
      ]);
      claimSame(entriesOf(log), entries(1, 3), 'the log');
      claimSame(rowsOf(rows).rows, [row(1, 2)], 'the rows');
      await session.journal.close();
    },
  },
  {
    name: 'entries are read from any position, and none behind the end',
    async run(stand) {
      const session = await filled(stand);
      claimSame(entriesOf(await session.ask(readEntries(17))), entries(18, 20), 'the end');
      claimSame(entriesOf(await session.ask(readEntries(20))), [], 'what follows the end');
      claimSame(entriesOf(await session.ask(readEntries(999))), [], 'what lies beyond');
      await session.journal.close();
    },
  },
  {
    name: 'a reading brings at least one entry or row, and any limit leads to the end',
    async run(stand) {
      const session = await filled(stand);
      claimSame(await allEntries(session, 1), entries(1, 20), 'the log, read with a limit of 1');
      claimSame(await allEntries(session, 70), entries(1, 20), 'the log, read with a limit of 70');
      const rows = rowsOf(await session.ask(readRows(1, 0, 20, 1)));
      claimSame(rows, { kind: 'rows', rows: [row(1, 2)], done: false }, 'a limit of 1');
      claimSame((await allRows(session, 1, 1)).length, 10, 'the rows, read with a limit of 1');
      await session.journal.close();
    },
  },
  {
    name: 'a limit on bytes is roughly kept',
    async run(stand) {
      const session = await openSession(stand);
      const bytes = new Uint8Array(10_000);
      const log = Array.from({ length: 30 }, (_, index) => ({ seq: index + 1, epoch: 1, bytes }));
      await session.ask(commit({ entries: log }));
      const read = entriesOf(await session.ask(readEntries(0, 100_000)));
      claim(
        read.length >= 8 && read.length <= 12,
        `100 kB brought ${read.length} entries of 10 kB`,
      );
      await session.journal.close();
    },
  },
  {
    name: 'rows are read within their range and their space',
    async run(stand) {
      const session = await filled(stand);
      const range = rowsOf(await session.ask(readRows(1, 4, 9)));
      claimSame(range, { kind: 'rows', rows: [row(1, 6), row(1, 8)], done: true }, 'a range');
      const empty = rowsOf(await session.ask(readRows(2, 5, 14)));
      claimSame(empty, { kind: 'rows', rows: [], done: true }, 'a range without rows');
      const unknown = rowsOf(await session.ask(readRows(3, 0, 20)));
      claimSame(unknown, { kind: 'rows', rows: [], done: true }, 'a space without rows');
      claimSame(await allRows(session, 2), [row(2, 5), row(2, 15)], 'the other space');
      await session.journal.close();
    },
  },
  {
    name: 'rows at positions come in the order asked; positions without one are passed over',
    async run(stand) {
      const session = await filled(stand);
      const seqs = [14, 3, 2, 99, 14];
      const found = rowsOf(await session.ask(readRowsAt(1, seqs)));
      claimSame(found.rows, [row(1, 14), row(1, 2), row(1, 14)], 'the rows');
      claim(found.done, 'rows at positions are not done');
      const none = rowsOf(await session.ask(readRowsAt(7, [1])));
      claimSame(none.rows, [], 'the rows of no space');
      await session.journal.close();
    },
  },
  {
    name: 'rows at positions are limited in bytes: at least one comes, and the others when asked again',
    async run(stand) {
      const session = await openSession(stand);
      const bytes = new Uint8Array(10_000);
      const rows = entries(1, 30).map(({ seq }) => ({ space: 1, seq, bytes }));
      await session.ask(commit({ entries: entries(1, 30), rows, applied: 30 }));
      let open: readonly number[] = rows.map(({ seq }) => seq).reverse();
      const first = rowsOf(await session.ask(readRowsAt(1, [99, ...open], 1)));
      claimSame(first, { kind: 'rows', rows: rows.slice(-1), done: false }, 'a limit of 1');
      for (let reads = 1; open.length > 0; reads += 1) {
        const found = rowsOf(await session.ask(readRowsAt(1, open, 100_000)));
        const count = found.rows.length;
        claim(count > 0 && count <= 12, `100 kB brought ${count} rows of 10 kB`);
        claimSame(
          found.rows.map(({ seq }) => seq),
          open.slice(0, count),
          'the positions',
        );
        open = open.slice(count);
        claimSame(found.done, open.length === 0, `done after ${reads} readings`);
      }
      await session.journal.close();
    },
  },
  {
    name: 'rows can be asked for at 1,024 positions, not at more',
    async run(stand) {
      const session = await filled(stand);
      const seqs = Array.from({ length: POSITIONS_MAX }, (_, index) => (index % 10) * 2 + 2);
      const found = rowsOf(await session.ask(readRowsAt(1, seqs)));
      claimSame(found.rows.length, POSITIONS_MAX, 'the number of rows');
      const request = readRowsAt(1, [...seqs, 2]);
      claimThrows(() => session.journal.request(request, () => {}), 'one position too many');
      await session.journal.close();
    },
  },
  {
    name: 'bytes may be none or many',
    async run(stand) {
      const session = await openSession(stand);
      const large = new Uint8Array(3_000_000).map((_, index) => index % 251);
      const log = [entry(1, ''), { seq: 2, epoch: 1, bytes: large }, entry(3, '')];
      const rows = [row(1, 1, ''), { space: 1, seq: 2, bytes: large }];
      await session.ask(commit({ entries: log, rows, applied: 2 }));
      await stand.crash();
      const again = await openSession(stand);
      claimSame(await allEntries(again), log, 'the log');
      claimSame(await allRows(again, 1), rows, 'the rows');
      await again.journal.close();
    },
  },
];
