import { expect, test } from 'vitest';
import { suites } from '../src/index.ts';

test.each([
  ['ftmp', 20],
  ['ftmp-recovery', 15],
  ['ftmp-calm', 8],
] as const)('the suite %s is clean under %d seeds', { timeout: 120_000 }, (name, seeds) => {
  const found: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const { property, text } of suites.get(name)?.run(seed, 0).outcome.violations ?? []) {
      found.push(`seed ${seed}: ${property} ${text}`);
    }
  }
  expect(found).toEqual([]);
});

test('one seed, one trace: the same again, whether it is kept or not', { timeout: 60_000 }, () => {
  for (const [name, seed] of [
    ['ftmp', 7],
    ['ftmp-recovery', 21],
  ] as const) {
    const { outcome, trace } = suites.get(name)?.run(seed, 'all') ?? {};
    expect(suites.get(name)?.run(seed, 0).outcome.hash).toBe(outcome?.hash);
    expect(trace?.length).toBeGreaterThan(5_000);
  }
});

test('seeds hold work: messages delivered, faults that bit', { timeout: 60_000 }, () => {
  for (let seed = 200; seed < 204; seed += 1) {
    const outcome = suites.get('ftmp')?.run(seed, 0).outcome;
    expect(outcome?.entries, `messages of seed ${seed}`).toBeGreaterThan(500);
    expect(outcome?.counts, `seed ${seed}`).toBe(true);
  }
});
