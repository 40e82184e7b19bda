import { closeSync, existsSync, fsyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../running/choir.ts';
import { killRun } from './kill-run.ts';
import { Ext4OnLoop, powerLoss, whyNoPowerLoss } from './power-loss.ts';

const why = whyNoPowerLoss();
if (why !== null) console.log(`Skipped: losses of power (${why}).`);

test.skipIf(why !== null)('the power loss takes what was not synced, and nothing else', () => {
  const disk = new Ext4OnLoop(temporaryFolder());
  onTestFinished(() => disk.end());
  const [synced, unsynced] = ['synced', 'unsynced'].map((name) => join(disk.directory, name));
  const file = openSync(synced ?? '', 'w');
  writeSync(file, 'kept');
  fsyncSync(file);
  closeSync(file);
  writeFileSync(unsynced ?? '', 'lost');
  disk.losePower();
  disk.restore();
  expect([synced, unsynced].map((path) => existsSync(path ?? ''))).toEqual([true, false]);
});

test.skipIf(why !== null)(
  'a server under load that loses its power loses nothing else',
  {
    timeout: 120_000,
  },
  async () => {
    const verdict = await killRun({ kills: 3, senders: 3, disaster: powerLoss });
    expect(verdict).toMatchObject({ lost: [], doubled: [], reused: [], unacknowledged: 0 });
    expect(verdict.acknowledged).toBeGreaterThan(3);
  },
);
