/** Of whom it is known that they may send large. */
import { describe, expect, test } from 'vitest';
import { type ProcessorId, processorId } from '../../src/index.ts';
import { Permits } from '../../src/stack/permits.ts';

const id = (number: number): ProcessorId => processorId(number, 7);

describe('a confirmation that this processor gives', () => {
  test('is remembered for as long as it may count, and a second', () => {
    const permits = new Permits();
    expect(permits.isGiven(id(1), 0)).toBe(false);
    expect(permits.give(id(1), 5, 0)).toBe(true);
    expect(permits.isGiven(id(1), 6_999)).toBe(true);
    expect(permits.isGiven(id(1), 7_000)).toBe(false);
  });

  test('is that of the highest probe, in whatever order they come', () => {
    const permits = new Permits();
    permits.give(id(1), 9, 0);
    permits.give(id(1), 5, 1_000);
    expect(permits.timestamp(id(1))).toBe(9);
    expect(permits.isGiven(id(1), 7_999)).toBe(true);
  });

  test('is given to 512 at most at a time, and is not forgotten while it counts', () => {
    const permits = new Permits();
    for (let number = 1; number <= 512; number += 1)
      expect(permits.give(id(number), 5, number)).toBe(true);
    expect(permits.give(id(600), 5, 6_000)).toBe(false);
    expect(permits.isGiven(id(600), 6_000)).toBe(false);
    expect(permits.isGiven(id(1), 6_000)).toBe(true);
    expect(permits.give(id(1), 6, 6_000)).toBe(true);
    // The second was the first to expire.
    expect(permits.give(id(600), 5, 7_002)).toBe(true);
    expect(permits.timestamp(id(2))).toBe(0);
    expect(permits.timestamp(id(3))).toBe(5);
    expect(permits.give(id(601), 5, 7_002)).toBe(false);
  });
});
