import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplayWindow } from '../../src/envelope/replay-window.ts';

test('takes each counter once, however they come, and none that is 1,024 below the highest', () => {
  const counters = fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 400 });
  fc.assert(
    fc.property(counters, fc.nat({ max: 300 }), (sent, floor) => {
      const window = new ReplayWindow(floor);
      const taken = new Set<number>();
      for (const counter of sent) {
        const highest = Math.max(floor, ...taken);
        const expected = counter > floor && counter > highest - 1_024 && !taken.has(counter);
        expect(window.mayTake(counter)).toBe(expected);
        if (!expected) continue;
        window.take(counter);
        taken.add(counter);
      }
    }),
  );
});

test('works beyond 32 bits', () => {
  const floor = 2 ** 40;
  const window = new ReplayWindow(floor);
  for (const counter of [floor + 2, floor + 1, floor + 1_024]) {
    expect(window.mayTake(counter)).toBe(true);
    window.take(counter);
    expect(window.mayTake(counter)).toBe(false);
  }
  expect(window.mayTake(floor)).toBe(false);
});
