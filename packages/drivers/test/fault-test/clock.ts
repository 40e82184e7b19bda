// The clock of the recordings, and times that pass while a fault lasts.

/** Milliseconds of the machine's monotonic clock, as in the recordings of the processes. */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** For as long as a fault lasts; whoever waits for something that happens waits for that. */
export function lasts(ms: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  setTimeout(() => over.resolve(), ms);
  return over.promise;
}
