import { expect, test } from 'vitest';
import { processKill } from './disaster.ts';
import { killRun } from './kill-run.ts';
import { isClean } from './verdict.ts';

const kills = 8;

test('a server killed under load loses, doubles and renumbers nothing', {
  timeout: 120_000,
}, async () => {
  const verdict = await killRun({ kills, senders: 3, disaster: processKill });
  expect(verdict).toMatchObject({ lost: [], doubled: [], reused: [], unacknowledged: 0 });
  expect(isClean(verdict)).toBe(true);
  expect(verdict.acknowledged).toBeGreaterThan(kills);
});
