import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { fuzzRun } from './fuzz-run.ts';

const seed = Number(process.env['CHOIR_SEED'] ?? randomInt(2 ** 31));

test(`frames that nobody should send disturb nobody else (CHOIR_SEED=${seed})`, {
  timeout: 60_000,
}, async () => {
  const told = await fuzzRun({ frames: 400, attackers: 8, seed, stages: 2 });
  expect(told.at(-1)?.frames).toBeGreaterThanOrEqual(400);
  expect(told.at(-1)?.connections).toBeGreaterThan(20);
});
