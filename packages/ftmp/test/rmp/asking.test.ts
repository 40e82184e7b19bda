/** When what is missing is asked for. */
import { describe, expect, test } from 'vitest';
import { Asking } from '../../src/rmp/asking.ts';

/** Something is missing behind 0 from time 0 on. */
function gap(): Asking {
  // Delays are as they are, without the share of chance.
  const asking = new Asking({ delayMs: 2, delayMaxMs: 480, random: () => 0.5 });
  asking.observe(true, 0, 0);
  return asking;
}

/** Asks so often as it is due. @returns when */
function asked(asking: Asking, times: number): number[] {
  return Array.from({ length: times }, () => {
    const { due } = asking;
    asking.asked(due);
    return due;
  });
}

describe('what is missing', () => {
  test('is asked for ever more seldom while that does not help', () => {
    const times = asked(gap(), 12);
    const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(pauses).toEqual([4, 8, 16, 32, 64, 128, 256, 480, 480, 480, 480]);
  });

  test('is asked for twice as often when something came of it', () => {
    const asking = gap();
    const last = asked(asking, 7).at(-1) ?? 0;
    asking.observe(true, 1, last + 1);
    // The pause would have been 256 ms; of half of it, three quarters.
    expect(asking.due).toBe(last + 1 + 96);
  });

  test('is asked for at once again when there was nothing missing meanwhile', () => {
    const asking = gap();
    const last = asked(asking, 7).at(-1) ?? 0;
    asking.observe(false, 1, last + 1);
    asking.observe(true, 1, last + 2);
    expect(asking.due).toBe(last + 2 + 1.5);
  });
});

test('an answer gets the time that answers have taken lately, and half of it', () => {
  const asking = gap();
  asking.asked(0);
  asking.filled(1, true, 20);
  asking.observe(true, 1, 20);
  asking.asked(100);
  expect(asking.due).toBe(130);
  // What comes in one answer is one answer.
  asking.filled(2, true, 140);
  asking.filled(3, true, 150);
  asking.asked(200);
  expect(asking.due).toBe(200 + 1.5 * 25);
});

describe('what was asked for in vain', () => {
  test('is what did not come within 250 ms of the first request for it', () => {
    const asking = gap();
    expect(asking.isInVain(1_000)).toBe(false);
    asking.asked(1_000);
    expect(asking.isInVain(1_249)).toBe(false);
    expect(asking.isInVain(1_250)).toBe(true);
  });

  test('is not what came, though more is missing behind it', () => {
    const asking = gap();
    asking.asked(0);
    asking.observe(true, 3, 200);
    expect(asking.isInVain(300)).toBe(false);
    asking.asked(300);
    expect(asking.isInVain(550)).toBe(true);
  });
});

test('those who ask at one moment have asked once', () => {
  const asking = gap();
  for (let other = 0; other < 14; other += 1) asking.overheard(1);
  expect(asking.due).toBe(5);
  asking.overheard(5);
  expect(asking.due).toBe(13);
});
