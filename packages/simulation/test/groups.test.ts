import { expect, test } from 'vitest';
import { suites } from '../src/index.ts';

const groups = suites.get('groups');

/** A run of one seed that must be clean; the seed is in the message when it is not. */
function violationsOf(seed: number): readonly string[] {
  const violations = groups?.run(seed, 0).outcome.violations ?? [];
  return violations.map(({ property, text }) => `seed ${seed}: ${property} ${text}`);
}

test('every promise of groups is kept under 60 seeds', { timeout: 60_000 }, () => {
  const found: string[] = [];
  for (let seed = 1; seed <= 60; seed += 1) found.push(...violationsOf(seed));
  expect(found).toEqual([]);
});

test('one seed, one trace: the same again, whether it is kept or not', { timeout: 30_000 }, () => {
  for (const seed of [3, 17, 40]) {
    const { outcome, trace } = groups?.run(seed, 'all') ?? {};
    expect(groups?.run(seed, 0).outcome.hash).toBe(outcome?.hash);
    expect(trace?.length).toBeGreaterThan(1_000);
  }
});

test('seeds hold work: entries, operations, faults that bit', { timeout: 30_000 }, () => {
  for (let seed = 100; seed < 110; seed += 1) {
    const outcome = groups?.run(seed, 0).outcome;
    expect(outcome?.entries, `entries of seed ${seed}`).toBeGreaterThan(50);
    expect(outcome?.operations, `operations of seed ${seed}`).toBeGreaterThan(100);
    expect(outcome?.seen.some((what) => what.startsWith('fault '))).toBe(true);
  }
});
