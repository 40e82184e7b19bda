/**
 * When to ask for what an unheard source may have sent last. Without its datagrams nobody knows of a gap, so nobody would ask; whoever
 * holds more answers as to any request, and where nobody does it costs a request now and then.
 */
import type { ProcessorId } from '../ids.ts';

/** From one request to the next, doubled from the one to the other, in milliseconds. */
const pauseMs = 30;
const pauseMsMax = 960;

type Wait = { due: number; pauseMs: number };

export class Unheard {
  readonly #waits = new Map<ProcessorId, Wait>();

  /** These are not heard now; who was not among them is to be asked for at once. */
  set(sources: ReadonlySet<ProcessorId>, now: number): void {
    for (const source of this.#waits.keys()) if (!sources.has(source)) this.#waits.delete(source);
    for (const source of sources) {
      if (!this.#waits.has(source)) this.#waits.set(source, { due: now, pauseMs });
    }
  }

  /** When the next request is due; infinity when everybody is heard. */
  get due(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const wait of this.#waits.values()) due = Math.min(due, wait.due);
    return due;
  }

  /** Those to be asked for now. */
  next(now: number): readonly ProcessorId[] {
    const next: ProcessorId[] = [];
    for (const [source, wait] of this.#waits) {
      if (wait.due > now) continue;
      wait.due = now + wait.pauseMs;
      wait.pauseMs = Math.min(2 * wait.pauseMs, pauseMsMax);
      next.push(source);
    }
    return next;
  }

  /** More of this source has come: there may be more behind it. */
  more(source: ProcessorId, now: number): void {
    const wait = this.#waits.get(source);
    if (wait === undefined) return;
    wait.pauseMs = pauseMs;
    wait.due = Math.min(wait.due, now + pauseMs);
  }
}
