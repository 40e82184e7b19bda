/** Counters that the wire carries as their low 32 bits (W7). */

const span = 2 ** 32;

/**
 * The largest counter that is taken from anybody (W7). What is reckoned from it is exact up to twice that, and no run comes so far: a counter
 * that begins here has room for 2^52 more.
 */
export const counterMax = 2 ** 52;

/**
 * The whole counter nearest to `near` that has these low 32 bits, never below 0 (W7: whoever is within 2^31 of what it
 * stands for is understood).
 */
export function wholeCounter(low: number, near: number): number {
  const base = near - (near % span) + low;
  if (base - near > span / 2) return base >= span ? base - span : base;
  return near - base > span / 2 ? base + span : base;
}
