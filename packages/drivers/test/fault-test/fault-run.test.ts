import { randomInt } from 'node:crypto';
import { canMakeNamespaces } from '@choir/testkit/node';
import { expect, test } from 'vitest';
import { faultRun } from './fault-run.ts';

const seed = Number(process.env['CHOIR_SEED'] ?? randomInt(2 ** 31));
const network = canMakeNamespaces().can ? 'multicast' : 'unicast';

test(`real processes keep every promise through a round of all faults (${network}, CHOIR_SEED=${seed})`, {
  timeout: 90_000,
}, async () => {
  const result = await faultRun({ network, seed, seconds: 0 });
  expect(result.failures).toEqual([]);
  expect(result.left).toEqual([]);
  expect(result.struck).toHaveLength(7);
  expect(result.detectionMs.length).toBeGreaterThanOrEqual(2);
  expect(result.exclusions.length).toBeGreaterThanOrEqual(2);
  expect(result.delivered).toBeGreaterThan(1_000);
});
