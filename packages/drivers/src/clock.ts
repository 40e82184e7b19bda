/**
 * The clock of the protocol: milliseconds with fractions, of CLOCK_MONOTONIC. It never goes back, does not follow the time of
 * day, and goes on while the process stands still. Its zero is the start of the thread.
 */
export function now(): number {
  return performance.now();
}
