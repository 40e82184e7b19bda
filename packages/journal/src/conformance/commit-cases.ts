import { claim, claimCommitted, claimFailed, claimSame } from './claims.ts';
import {
  allEntries,
  allRows,
  commit,
  entries,
  entry,
  openSession,
  readEntries,
  row,
  text,
} from './session.ts';
import type { ConformanceCase } from './stand.ts';

export const commitCases: readonly ConformanceCase[] = [
  {
    name: 'a new journal is empty, and not clean',
    async run(stand) {
      const { opened, journal } = await openSession(stand);
      const left = { clean: false, copied: false };
      const empty = { head: { seq: 0, epoch: 0 }, applied: 0, snapshot: null, ...left };
      claimSame(opened, empty, 'what it holds');
      await journal.close();
    },
  },
  {
    name: 'J1 J5: what was committed is there after an orderly close, and the journal is clean',
    async run(stand) {
      const before = await openSession(stand);
      const stored = [entry(1), entry(2), entry(3, 'three', 7)];
      const snapshot = { seq: 2, bytes: text('state') };
      claimCommitted(
        await before.ask(commit({ entries: stored, rows: [row(5, 2)], applied: 2, snapshot })),
        3,
      );
      await before.journal.close();

      const after = await openSession(stand);
      const left = { clean: true, copied: false };
      const opened = { head: { seq: 3, epoch: 7 }, applied: 2, snapshot, ...left };
      claimSame(after.opened, opened, 'what it holds');
      claimSame(await allEntries(after), stored, 'the log');
      claimSame(await allRows(after, 5), [row(5, 2)], 'the rows');
      await after.journal.close();
    },
  },
  {
    name: 'replies come in the order of the requests, and never from within a request',
    async run(stand) {
      const { journal } = await openSession(stand);
      const order: string[] = [];
      const ended = new Promise<void>((resolve) => {
        for (let seq = 1; seq <= 50; seq += 1) {
          journal.request(commit({ entries: [entry(seq)] }), () => order.push(`commit ${seq}`));
          journal.request({ kind: 'read-entries', after: 0, maxBytes: 1 }, () => {
            order.push(`read ${seq}`);
            if (seq === 50) resolve();
          });
          claim(order.length === 0, 'a reply came from within a request');
        }
      });
      await ended;
      const expected = Array.from({ length: 50 }, (_, i) => [`commit ${i + 1}`, `read ${i + 1}`]);
      claimSame(order, expected.flat(), 'the order');
      await journal.close();
    },
  },
  {
    name: 'a commit without entries moves what it names',
    async run(stand) {
      const before = await openSession(stand);
      claimCommitted(await before.ask(commit({ entries: entries(1, 4) })), 4);
      claimCommitted(await before.ask(commit({ rows: [row(1, 1), row(1, 3)], applied: 3 })), 4);
      claimCommitted(await before.ask(commit({ applied: 4 })), 4);
      await stand.crash();
      const after = await openSession(stand);
      claimSame(after.opened.applied, 4, 'applied');
      claimSame(await allRows(after, 1), [row(1, 1), row(1, 3)], 'the rows');
      await after.journal.close();
    },
  },
  {
    name: 'only the newest snapshot is kept',
    async run(stand) {
      const before = await openSession(stand);
      for (let seq = 1; seq <= 3; seq += 1) {
        const snapshot = { seq, bytes: text(`state ${seq}`) };
        await before.ask(commit({ entries: [entry(seq)], snapshot }));
      }
      await before.ask(commit({ entries: [entry(4)] }));
      await before.journal.close();
      const after = await openSession(stand);
      claimSame(after.opened.snapshot, { seq: 3, bytes: text('state 3') }, 'the snapshot');
      await after.journal.close();
    },
  },
  {
    name: 'forget drops all rows of the spaces it names, those of its own commit too',
    async run(stand) {
      const session = await openSession(stand);
      await session.ask(
        commit({ entries: entries(1, 9), rows: [row(1, 1), row(2, 2)], applied: 2 }),
      );
      const rows = [row(1, 3), row(2, 4), row(3, 5)];
      await session.ask(commit({ rows, applied: 5, forget: [1, 3, 99] }));
      claimSame(await allRows(session, 1), [], 'a forgotten space');
      claimSame(await allRows(session, 3), [], 'a space forgotten at once');
      claimSame(await allRows(session, 2), [row(2, 2), row(2, 4)], 'another space');
      await session.journal.close();
    },
  },
  {
    name: 'J4: after close every request is answered CLOSED, behind those before it',
    async run(stand) {
      const { journal } = await openSession(stand);
      const kinds: string[] = [];
      journal.request(commit({ entries: [entry(1)] }), ({ kind }) => kinds.push(kind));
      const closed = journal.close();
      const late = new Promise<void>((resolve) => {
        journal.request(commit({ entries: [entry(2)] }), (reply) => {
          claimFailed(reply, 'CLOSED');
          kinds.push(reply.kind);
          resolve();
        });
      });
      await Promise.all([closed, late, journal.close()]);
      claimSame(kinds, ['committed', 'failed'], 'the replies');
    },
  },
  {
    name: 'J4: also when the close is over',
    async run(stand) {
      const { ask, journal } = await openSession(stand);
      await journal.close();
      claimFailed(await ask(commit({ entries: [entry(1)] })), 'CLOSED');
      const again = await openSession(stand);
      claimFailed(await ask(readEntries(0)), 'CLOSED');
      claimCommitted(await again.ask(commit({ entries: [entry(1)] })), 1);
      await again.journal.close();
    },
  },
];
