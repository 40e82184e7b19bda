import { expect, test } from 'vitest';
import { suites } from '../src/index.ts';

test.each([
  ['hostile', 100],
  ['ordering', 12],
] as const)('the suite %s is clean under %d seeds', { timeout: 60_000 }, (name, seeds) => {
  const found: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const { property, text } of suites.get(name)?.run(seed, 0).outcome.violations ?? []) {
      found.push(`seed ${seed}: ${property} ${text}`);
    }
  }
  expect(found).toEqual([]);
});
