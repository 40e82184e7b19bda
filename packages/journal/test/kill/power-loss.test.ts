/**
 * C2, C4 under the loss of power: a file system on a loop device is shut down without flushing, so
 * that everything not synced is gone, and mounted again. Needs root, ext4 and perl (for the ioctl).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@choir/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { scratchDirectory } from '../data-directory.ts';
import { liveOnce, readAll, Writers } from './lives.ts';

const SEED = Number(process.env['CHOIR_SEED'] ?? 1);
const LOSSES = Number(process.env['CHOIR_LOSSES'] ?? 5);
const DISK_BYTES = 256 << 20;

/** EXT4_IOC_SHUTDOWN with "do not flush the log": what the cache holds is lost. */
const CUT_POWER =
  'my $flag = pack("L", 2); open(D, "<", $ARGV[0]); ioctl(D, 0x8004587d, $flag) or die "$!"';

type Disk = { readonly directory: string; cutPower(): void; mount(): void };

/** A disk of its own; undefined where that is not allowed. */
function looseDisk(): Disk | undefined {
  const scratch = scratchDirectory();
  const [image, directory] = [join(scratch, 'image'), join(scratch, 'disk')];
  writeFileSync(image, '');
  truncateSync(image, DISK_BYTES);
  mkdirSync(directory);
  const made = spawnSync('mkfs.ext4', ['-q', '-F', image]).status === 0;
  const perl = spawnSync('perl', ['-e', '1']).status === 0;
  const mount = () => spawnSync('mount', ['-o', 'loop', image, directory]).status === 0;
  if (!made || !perl || !mount()) return undefined;
  const unmount = (...options: string[]) => execFileSync('umount', [...options, directory]);
  // Lazily: after a failure somebody may still be in there.
  onTestFinished(() => void unmount('--lazy'));
  return {
    directory,
    cutPower: () => void execFileSync('perl', ['-e', CUT_POWER, directory]),
    mount: () => {
      unmount();
      expect(mount()).toBe(true);
    },
  };
}

test(`${LOSSES} losses of power lose nothing acknowledged (seed ${SEED})`, {
  timeout: 20_000 + LOSSES * 4_000,
}, async (context) => {
  const disk = looseDisk();
  if (disk === undefined) return context.skip('loop devices are not allowed here');
  const directory = join(disk.directory, 'data');
  const random = new Random(SEED);
  const writers = new Writers();
  for (let life = 1; life <= LOSSES; life += 1) {
    const reports = random.chance(0.1) ? random.int(1, 3) : random.int(4, 2_000);
    const atReports = { reports, act: () => disk.cutPower() };
    const { acknowledged, failure } = await liveOnce({ directory, life, atReports });
    const where = `seed ${SEED}, life ${life}, power lost after ${reports} reports`;
    // The owner meets the dead disk by itself, as a process does when its volume goes away.
    expect(failure?.code, `${where}: ${failure?.message}`).toBe('DISK_ERROR');
    disk.mount();

    writers.settle(acknowledged, life);
    const entries = readAll(directory);
    writers.judge(entries, where);
    writers.settle(entries.length, life);
  }
  expect(writers.settled).toBeGreaterThan(LOSSES);
});
