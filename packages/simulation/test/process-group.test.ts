import { expect, test } from 'vitest';
import { suites } from '../src/index.ts';

const processGroup = suites.get('process-group');

test('what the toolkit promises is kept under 12 seeds', { timeout: 120_000 }, () => {
  const found: string[] = [];
  for (let seed = 1; seed <= 12; seed += 1) {
    for (const { property, text } of processGroup?.run(seed, 0).outcome.violations ?? []) {
      found.push(`seed ${seed}: ${property} ${text}`);
    }
  }
  expect(found).toEqual([]);
});

test('one seed, one trace: the same again, whether it is kept or not', { timeout: 60_000 }, () => {
  const { outcome, trace } = processGroup?.run(7, 'all') ?? {};
  expect(processGroup?.run(7, 0).outcome.hash).toBe(outcome?.hash);
  expect(trace?.length).toBeGreaterThan(5_000);
});

test('seeds hold work: messages told, faults that bit', { timeout: 60_000 }, () => {
  for (let seed = 200; seed < 203; seed += 1) {
    const outcome = processGroup?.run(seed, 0).outcome;
    expect(outcome?.entries, `messages of seed ${seed}`).toBeGreaterThan(500);
    expect(outcome?.counts, `seed ${seed}`).toBe(true);
  }
});
