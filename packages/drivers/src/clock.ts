/**
 * The clock of the protocol: milliseconds with fractions, of CLOCK_MONOTONIC. It never goes back, does not follow the time of
 * day, and goes on while the process stands still. Its zero is the start of the thread.
 */
export function now(): number {
  return performance.now();
}

const nanosecondsPerMs = 1e6;

/** The same clock with a zero that all processes of the machine share, for what is compared between them. */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / nanosecondsPerMs;
}
