/**
 * Who may send large, for all that this processor knows: those of whom it has confirmed a probe lately (Z1). They count that from when they
 * sent the probe, which was before it came here.
 */
import type { ProcessorId } from '../ids.ts';
import { freshMs } from './sizing.ts';

/** What is sent last while a confirmation counts comes within the second that is added, in milliseconds. */
const permitMs = freshMs + 1_000;
const permitsMax = 512;

type Permit = {
  /** When the last probe came. */
  at: number;
  /** The highest timestamp of a probe that was confirmed. */
  timestamp: number;
};

export class Permits {
  readonly #permits = new Map<ProcessorId, Permit>();

  /**
   * A probe has come.
   *
   * @returns whether it may be confirmed: not that of one more than can be remembered
   */
  give(to: ProcessorId, timestamp: number, now: number): boolean {
    const known = this.#permits.get(to);
    if (known === undefined && !this.#hasRoom(now)) return false;
    const highest = Math.max(timestamp, known?.timestamp ?? 0);
    this.#permits.set(to, { at: now, timestamp: highest });
    return true;
  }

  isGiven(to: ProcessorId, now: number): boolean {
    const permit = this.#permits.get(to);
    return permit !== undefined && now - permit.at < permitMs;
  }

  /** The highest timestamp of a probe of this processor that was confirmed; 0 when that is not remembered. */
  timestamp(of: ProcessorId): number {
    return this.#permits.get(of)?.timestamp ?? 0;
  }

  /** Only what counts no more is forgotten. */
  #hasRoom(now: number): boolean {
    if (this.#permits.size < permitsMax) return true;
    for (const id of this.#permits.keys()) if (!this.isGiven(id, now)) this.#permits.delete(id);
    return this.#permits.size < permitsMax;
  }
}
