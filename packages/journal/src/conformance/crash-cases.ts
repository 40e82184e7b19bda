import { claim, claimCommitted, claimSame } from './claims.ts';
import { allEntries, allRows, commit, entries, entry, openSession, row } from './session.ts';
import type { ConformanceCase } from './stand.ts';

const REQUESTS = 40;
const ENTRIES_PER_REQUEST = 3;

export const crashCases: readonly ConformanceCase[] = [
  {
    name: 'J1 J5: what was committed survives a crash, and the journal is not clean',
    async run(stand) {
      const before = await openSession(stand);
      claimCommitted(
        await before.ask(commit({ entries: entries(1, 9), rows: [row(1, 8)], applied: 8 })),
        9,
      );
      await stand.crash();
      const after = await openSession(stand);
      const left = { clean: false, copied: false };
      const opened = { head: { seq: 9, epoch: 1 }, applied: 8, snapshot: null, ...left };
      claimSame(after.opened, opened, 'what it holds');
      claimSame(await allEntries(after), entries(1, 9), 'the log');
      claimSame(await allRows(after, 1), [row(1, 8)], 'the rows');
      await after.journal.close();
    },
  },
  {
    name: 'an opening without a commit ends cleanliness; a close brings it back',
    async run(stand) {
      const first = await openSession(stand);
      await first.journal.close();
      const second = await openSession(stand);
      claim(second.opened.clean, 'an orderly close is not clean');
      await stand.crash();
      const third = await openSession(stand);
      claim(!third.opened.clean, 'a crash without commits is clean');
      await third.journal.close();
      const fourth = await openSession(stand);
      claim(fourth.opened.clean, 'a close after a crash is not clean');
      await fourth.journal.close();
    },
  },
  {
    name: 'J2: of requests open at a crash a prefix is there, each wholly or not at all',
    async run(stand) {
      const before = await openSession(stand);
      let acknowledged = 0;
      const enough = new Promise<void>((resolve) => {
        for (let request = 0; request < REQUESTS; request += 1) {
          const first = request * ENTRIES_PER_REQUEST + 1;
          const last = first + ENTRIES_PER_REQUEST - 1;
          const parts = { entries: entries(first, last), rows: [row(1, last)], applied: last };
          before.journal.request(commit(parts), (reply) => {
            if (reply.kind === 'committed') acknowledged = Math.max(acknowledged, reply.head);
            if (request === 5) resolve();
          });
        }
      });
      await enough;
      const promised = acknowledged;
      await stand.crash();

      const after = await openSession(stand);
      const { seq } = after.opened.head;
      claim(seq >= promised, `${promised} was acknowledged, and the log ends at ${seq}`);
      claim(seq % ENTRIES_PER_REQUEST === 0, `a part of a request is there, up to ${seq}`);
      claimSame(after.opened.applied, seq, 'applied');
      claimSame(await allEntries(after), entries(1, seq), 'the log');
      const lasts = entries(1, seq).filter((e) => e.seq % ENTRIES_PER_REQUEST === 0);
      claimSame(
        await allRows(after, 1),
        lasts.map((e) => row(1, e.seq)),
        'the rows',
      );
      await after.journal.close();
    },
  },
  {
    name: 'a journal goes on after a crash where it ended',
    async run(stand) {
      for (let life = 0; life < 5; life += 1) {
        const session = await openSession(stand);
        claimSame(session.opened.head.seq, life * 2, 'the head');
        await session.ask(commit({ entries: entries(life * 2 + 1, life * 2 + 2) }));
        void session.ask(commit({ rows: [], applied: 0 }));
        await stand.crash();
      }
      const last = await openSession(stand);
      claimCommitted(await last.ask(commit({ entries: [entry(11)] })), 11);
      claimSame(await allEntries(last), entries(1, 11), 'the log');
      await last.journal.close();
    },
  },
];
