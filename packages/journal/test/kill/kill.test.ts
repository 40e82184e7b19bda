/**
 * C2, C4: a process that is killed at any moment loses nothing it acknowledged, and no position is
 * ever used for two different entries that anybody could have seen. The next one opens at once.
 */
import { Random } from '@choir/testkit';
import { expect, test } from 'vitest';
import { openJournal } from '../../src/index.ts';
import { scratchDirectory } from '../data-directory.ts';
import { SPACES } from './life.ts';
import { killedAfter, liveOnce, readAll, Writers } from './lives.ts';

const SEED = Number(process.env['CHOIR_SEED'] ?? 1);
const KILLS = Number(process.env['CHOIR_KILLS'] ?? 30);

test(`${KILLS} kills in a row lose nothing acknowledged (seed ${SEED})`, {
  timeout: 10_000 + KILLS * 2_000,
}, async () => {
  const directory = scratchDirectory();
  const random = new Random(SEED);
  const writers = new Writers();
  for (let life = 1; life <= KILLS; life += 1) {
    // Kills fall on the start, on the opening, on the first commits, and anywhere later.
    const reports = random.chance(0.2) ? random.int(1, 3) : random.int(4, 800);
    const { acknowledged, failure, signal } = await liveOnce({
      directory,
      life,
      atReports: killedAfter(reports),
    });
    const where = `seed ${SEED}, life ${life}, killed after ${reports} reports`;
    expect({ failure, signal }, where).toEqual({ failure: undefined, signal: 'SIGKILL' });

    writers.settle(acknowledged, life);
    const entries = readAll(directory);
    writers.judge(entries, where);
    writers.settle(entries.length, life);
  }
  await judgeRows(directory, writers.settled);
});

async function judgeRows(directory: string, head: number): Promise<void> {
  const result = await openJournal({ directory });
  if (!result.ok) throw new Error(result.failure.message);
  const { opened, journal } = result;
  expect(opened).toMatchObject({ head: { seq: head }, applied: head, clean: false });
  let rows = 0;
  for (let space = 0; space < SPACES; space += 1) {
    const request = { kind: 'read-rows', space, after: 0, upTo: head, maxBytes: 1e9 } as const;
    const reply = await new Promise((resolve) => journal.request(request, resolve));
    expect(reply).toMatchObject({ kind: 'rows', done: true });
    rows += (reply as { rows: unknown[] }).rows.length;
  }
  expect(rows).toBe(head);
  await journal.close();
}
