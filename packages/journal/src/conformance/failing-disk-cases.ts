import { claim, claimFailed, claimSame } from './claims.ts';
import { allEntries, commit, entries, entry, openSession, readEntries } from './session.ts';
import type { FailingDiskCase } from './stand.ts';

export const failingDiskConformance: readonly FailingDiskCase[] = [
  {
    name: 'J4: a commit that fails closes the journal for good, and nothing acknowledged is lost',
    async run(stand) {
      const before = await openSession(stand);
      await before.ask(commit({ entries: entries(1, 3) }));
      await stand.failDisk();
      claimFailed(await before.ask(commit({ entries: [{ ...entry(4), bytes: LARGE }] })));
      claimFailed(await before.ask(readEntries(0)));
      await stand.repairDisk();
      claimFailed(await before.ask(commit({ entries: [entry(5)] })));
      await before.journal.close();

      const after = await openSession(stand);
      const log = await allEntries(after);
      claim(!after.opened.clean, 'a failure is clean');
      claimSame(log.slice(0, 3), entries(1, 3), 'the log');
      claim(log.length <= 4, 'something is there that was never asked for');
      const next = log.length + 1;
      const reply = await after.ask(commit({ entries: [entry(next)] }));
      claimSame(reply, { kind: 'committed', head: next }, 'the reply after the repair');
      await after.journal.close();
    },
  },
  {
    name: 'J4: requests open at a failure are all answered failed, in their order',
    async run(stand) {
      const { journal } = await openSession(stand);
      await stand.failDisk();
      const order: number[] = [];
      await new Promise<void>((resolve) => {
        for (let seq = 1; seq <= 20; seq += 1) {
          journal.request(commit({ entries: [{ ...entry(seq), bytes: LARGE }] }), (reply) => {
            claimFailed(reply);
            order.push(seq);
            if (seq === 20) resolve();
          });
        }
      });
      claimSame(
        order,
        entries(1, 20).map(({ seq }) => seq),
        'the order',
      );
      await journal.close();
      await stand.repairDisk();
    },
  },
];

/** More than fits into what a file system may have set aside for a file already. */
const LARGE = new Uint8Array(100_000);
