/**
 * C15: system calls that fail, or kill, at an exact moment. The owner runs under strace, which makes
 * the n-th call of its journal's thread fail once; every later call works again, as after a failed
 * sync that a device has "recovered" from. The journal must not go on even so.
 */
import { spawnSync } from 'node:child_process';
import { Random } from '@choir/testkit';
import { describe, expect, test } from 'vitest';
import { filesIn } from '../../src/sqlite/files.ts';
import { scratchDirectory } from '../data-directory.ts';
import { killedAfter, liveOnce, readAll, Writers } from './lives.ts';

const SEED = Number(process.env['CHOIR_SEED'] ?? 1);
const ROUNDS = Number(process.env['CHOIR_FAULTS'] ?? 1);
const TRACEABLE = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

/** Which of the two calls SQLite syncs with depends on how it was built. */
const SYNC = 'fsync,fdatasync';
const WRITE = 'pwrite64';

const FAULTS = [
  { call: SYNC, effect: 'error=EIO', code: 'DISK_ERROR' },
  { call: WRITE, effect: 'error=EIO', code: 'DISK_ERROR' },
  { call: WRITE, effect: 'error=ENOSPC', code: 'DISK_FULL' },
  { call: SYNC, effect: 'signal=KILL', code: undefined },
  { call: WRITE, effect: 'signal=KILL', code: undefined },
] as const;

/** Some of these calls are made while the journal is made, most while it commits. */
const LAST_CALL = { [SYNC]: 60, [WRITE]: 2_000 } as const;

describe.skipIf(!TRACEABLE)('a call that fails once ends the journal for good', () => {
  const random = new Random(SEED);
  test.for(FAULTS)('$call: $effect', { timeout: 60_000 }, async ({ call, effect, code }) => {
    const draw = random.fork(`${call}/${effect}`);
    for (let round = 0; round < ROUNDS; round += 1) {
      const when = draw.int(1, LAST_CALL[call]);
      const where = `seed ${SEED}, ${call}:${effect}:when=${when}`;
      const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:${effect}:when=${when}`];
      const directory = scratchDirectory();
      // Only these files: SQLite also syncs directories, and makes nothing of a failure there.
      const { database, log, head } = filesIn(directory);
      const only = [database, log, head].flatMap((path) => ['-P', path]);
      const under = ['strace', '-f', '-qq', '-o', '/dev/null', ...only, ...inject];
      const writers = new Writers();
      const first = await liveOnce({ directory, life: 1, under });
      expect(first.failure?.code, `${where}: ${first.failure?.message}`).toBe(code);
      writers.settle(first.acknowledged, 1);
      const left = readAll(directory);
      writers.judge(left, where);
      // The next opening shows what is left, and that is final.
      writers.settle(left.length, 1);

      const second = await liveOnce({ directory, life: 2, atReports: killedAfter(20) });
      expect(second.failure, where).toBeUndefined();
      writers.settle(second.acknowledged, 2);
      writers.judge(readAll(directory), where);
    }
  });
});
