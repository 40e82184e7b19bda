import type { JournalCommit } from '../contract.ts';
import { claimCommitted, claimSame, claimThrows } from './claims.ts';
import { allEntries, commit, entries, entry, openSession, readRowsAt, row } from './session.ts';
import type { ConformanceCase } from './stand.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

/** What breaks a rule in a journal that holds entries 1–5 and has applied 3. */
const BREAKING: readonly (readonly [string, JournalCommit])[] = [
  ['an entry that leaves a hole', commit({ entries: [entry(7)], applied: 3 })],
  ['an entry that is there already', commit({ entries: [entry(5)], applied: 3 })],
  ['a hole within a commit', commit({ entries: [entry(6), entry(8)], applied: 3 })],
  ['applied ahead of the entries', commit({ applied: 6 })],
  ['applied going back', commit({ applied: 2 })],
  ['a row ahead of applied', commit({ rows: [row(1, 5)], applied: 4 })],
  ['a row at or below the applied before', commit({ rows: [row(1, 3)], applied: 4 })],
  ['two rows at one position', commit({ rows: [row(1, 4), row(1, 4)], applied: 4 })],
  ['descending rows', commit({ rows: [row(1, 5), row(1, 4)], applied: 5 })],
];

export const ruleCases: readonly ConformanceCase[] = [
  {
    name: 'J3: the first entry has any position, and the others follow it',
    async run(stand) {
      const before = await openSession(stand);
      claimCommitted(await before.ask(commit({ entries: entries(1_001, 1_003) })), 1_003);
      await stand.crash();
      const after = await openSession(stand);
      claimCommitted(await after.ask(commit({ entries: [entry(1_004)] })), 1_004);
      claimSame(await allEntries(after), entries(1_001, 1_004), 'the log');
      await after.journal.close();
    },
  },
  {
    name: 'J3: what breaks a rule throws at its request, and nothing of it is stored',
    async run(stand) {
      const session = await openSession(stand);
      await session.ask(commit({ entries: entries(1, 5), rows: [row(1, 3)], applied: 3 }));
      for (const [what, breaking] of BREAKING) {
        claimThrows(() => session.journal.request(breaking, () => {}), what);
      }
      claimCommitted(await session.ask(commit({ entries: [entry(6)], applied: 3 })), 6);
      claimSame(await allEntries(session), entries(1, 6), 'the log');
      await session.journal.close();
    },
  },
  {
    name: 'positions, epochs and spaces go up to 2^53 - 1',
    async run(stand) {
      const before = await openSession(stand);
      const last = { seq: LARGEST, epoch: LARGEST, bytes: new Uint8Array(1) };
      const rows = [row(LARGEST, LARGEST)];
      claimCommitted(
        await before.ask(commit({ entries: [last], rows, applied: LARGEST })),
        LARGEST,
      );
      await before.journal.close();
      const { ask, opened, journal } = await openSession(stand);
      claimSame(opened.head, { seq: LARGEST, epoch: LARGEST }, 'the head');
      const request = readRowsAt(LARGEST, [LARGEST]);
      claimSame(await ask(request), { kind: 'rows', rows, done: true }, 'the row');
      await journal.close();
    },
  },
];
