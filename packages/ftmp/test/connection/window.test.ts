/** Numbers are taken once, in bounded memory (C3). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lateMax, Window } from '../../src/connection/window.ts';

test('numbers that come in disorder, and again, are taken once', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: lateMax - 1 }), { maxLength: 300 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 2 ** 53 - 1 - lateMax }), (some, from) => {
      const window = new Window();
      const taken = some.filter((number) => window.take(from + number));
      expect(taken).toEqual([...new Set(some)]);
    }),
  );
});

test('never twice, however far the numbers jump', () => {
  const numbers = fc.array(fc.oneof(fc.nat(3_000), fc.maxSafeNat()), { maxLength: 200 });
  fc.assert(
    fc.property(numbers, (some) => {
      const window = new Window();
      const taken = some.filter((number) => window.take(number));
      expect(new Set(taken).size).toBe(taken.length);
      const highest = Math.max(...some);
      if (some.length > 0) expect(taken).toContain(highest);
    }),
  );
});

test('one that is too late to tell counts as taken', () => {
  const window = new Window();
  expect(window.take(5_000)).toBe(true);
  expect(window.take(5_000 - lateMax)).toBe(false);
  expect(window.take(5_001 - lateMax)).toBe(true);
});
