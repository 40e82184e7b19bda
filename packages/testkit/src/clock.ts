/**
 * The clocks of one simulated process.
 *
 * The monotonic clock runs at its own rate (crystals differ) and never jumps. The wall clock runs
 * with it, starts at some date, and can be set: by an operator, by time synchronisation, by a
 * virtual machine that wakes up.
 *
 * Invariants:
 * W1 `monotonic` never decreases, whatever is done to the wall clock.
 * W2 A change of rate holds from now on; it never moves either clock by itself.
 */
import type { Scheduler } from './scheduler.ts';

export type ClockOptions = {
  /** What the wall clock shows at virtual time 0: milliseconds since 1970. */
  readonly startMs?: number;
  /** How much faster than virtual time both clocks run: 50 means 50 millionths. */
  readonly driftPpm?: number;
};

/** 1 November 2026, 00:00 UTC: any date will do, as long as it is the same in every run. */
const defaultStartMs = 1_793_491_200_000;

export class ProcessClock {
  readonly #scheduler: Scheduler;
  #rate: number;
  /** Virtual and monotonic time when the rate last changed. */
  #since: number;
  #monotonicThen = 0;
  /** Wall clock minus monotonic clock. */
  #offset: number;

  constructor(scheduler: Scheduler, options: ClockOptions = {}) {
    this.#scheduler = scheduler;
    this.#since = scheduler.now;
    this.#rate = 1 + (options.driftPpm ?? 0) / 1e6;
    this.#offset = (options.startMs ?? defaultStartMs) + scheduler.now;
  }

  /** Milliseconds since the process started, with fractions. */
  monotonic(): number {
    return this.#monotonicThen + (this.#scheduler.now - this.#since) * this.#rate;
  }

  /** Whole milliseconds since 1970, as `Date.now` gives them. */
  wall(): number {
    return Math.floor(this.monotonic() + this.#offset);
  }

  /** Virtual time from now until this process's monotonic clock has advanced by `durationMs`. */
  virtual(durationMs: number): number {
    return durationMs / this.#rate;
  }

  /** Sets the wall clock forward, or back if negative. */
  jump(byMs: number): void {
    this.#offset += byMs;
  }

  setDrift(driftPpm: number): void {
    this.#monotonicThen = this.monotonic();
    this.#since = this.#scheduler.now;
    this.#rate = 1 + driftPpm / 1e6;
  }
}
