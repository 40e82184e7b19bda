/**
 * Who is silent. The time after which a processor is suspected follows the usual gaps between its datagrams.
 *
 * Boundary: time and ids only; conviction is not decided here.
 */
import type { ProcessorId } from '../ids.ts';

export type SuspicionOptions = {
  /** Bounds of the time after which a silent processor is suspected, in milliseconds. */
  readonly suspicionMinMs: number;
  readonly suspicionMaxMs: number;
};

type Heard = { at: number; gap: number; deviation: number; asked: number };

/** The suspicion time in usual gaps, and in their mean deviations. */
const gaps = 8;
const deviations = 8;
const weight = 1 / 16;

export class Suspicion {
  readonly #options: SuspicionOptions;
  readonly #heard = new Map<ProcessorId, Heard>();

  constructor(options: SuspicionOptions) {
    this.#options = options;
  }

  /** From now on this processor is expected to be heard. */
  watch(id: ProcessorId, now: number): void {
    if (this.#heard.has(id)) return;
    const gap = this.#options.suspicionMinMs / gaps / 2;
    this.#heard.set(id, { at: now, gap, deviation: gap / 4, asked: now });
  }

  unwatch(id: ProcessorId): void {
    this.#heard.delete(id);
  }

  heard(id: ProcessorId, now: number): void {
    const heard = this.#heard.get(id);
    if (heard === undefined) return;
    const gap = now - heard.at;
    heard.at = now;
    // Bursts say nothing about how long a silence is usual.
    if (gap < 1) return;
    heard.deviation += weight * (Math.abs(gap - heard.gap) - heard.deviation);
    heard.gap += weight * (gap - heard.gap);
  }

  /** This processor itself stood still for so long: nobody is to blame for that time. */
  slept(forMs: number): void {
    for (const heard of this.#heard.values()) {
      heard.at += forMs;
      heard.asked += forMs;
    }
  }

  /** After how much silence this processor is suspected, in milliseconds. */
  timeout(id: ProcessorId): number {
    const { suspicionMinMs, suspicionMaxMs } = this.#options;
    const heard = this.#heard.get(id);
    if (heard === undefined) return suspicionMaxMs;
    const usual = gaps * heard.gap + deviations * heard.deviation;
    return Math.min(suspicionMaxMs, Math.max(suspicionMinMs, usual));
  }

  silence(id: ProcessorId, now: number): number {
    const heard = this.#heard.get(id);
    return heard === undefined ? 0 : now - heard.at;
  }

  isSilent(id: ProcessorId, now: number): boolean {
    const silence = this.silence(id, now);
    return silence >= this.#options.suspicionMinMs && silence >= this.timeout(id);
  }

  /** The earliest time at which anybody may be suspected. */
  get earliest(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { at } of this.#heard.values()) earliest = Math.min(earliest, at);
    return earliest + this.#options.suspicionMinMs;
  }

  isAnySilent(now: number): boolean {
    for (const id of this.#heard.keys()) if (this.isSilent(id, now)) return true;
    return false;
  }

  /** Whether to ask for a sign of life: somebody has been silent for half of its time, and was not asked lately. */
  asks(now: number): boolean {
    let any = false;
    for (const [id, heard] of this.#heard) {
      if (now - heard.at < this.#options.suspicionMinMs / 2) continue;
      const timeout = this.timeout(id);
      if (now - heard.at < timeout / 2 || now - heard.asked < timeout / 10) continue;
      heard.asked = now;
      any = true;
    }
    return any;
  }
}
