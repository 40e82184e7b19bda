/**
 * What goes out to a group, as there is room: first what the core has said, then those who wait, in the order in which they came, then pieces
 * of the state.
 */
import type { GroupId } from '@choir/ftmp';
import type { GroupCore } from './core.ts';
import type { Submission } from './effects.ts';

/** Says something to the core. */
export type Say = (core: GroupCore) => void;

/** Takes what goes out; `full` when it has no room for it now. */
export type Outlet = {
  trySend(
    group: GroupId,
    bytes: Uint8Array,
    options: { readonly safe: boolean },
  ): 'queued' | 'full' | 'closed';
};

/** Somebody who waits for room. */
export type Waiter = {
  readonly say: Say;
  /** There was room, and it was said. */
  readonly said: () => void;
  /** It will not be said. */
  readonly failed: (error: Error) => void;
};

export class Outflow {
  readonly #outlet: Outlet;
  readonly #group: GroupId;
  readonly #onSent: () => void;
  /** What the outlet had no room for. */
  #held: Submission | null = null;
  /** The application may say something while it makes a piece of its state: that goes out behind the piece. */
  #isFlushing = false;
  readonly #waiters = new Set<Waiter>();

  /** @param onSent is told of each message that the outlet has taken */
  constructor(outlet: Outlet, group: GroupId, onSent: () => void) {
    this.#outlet = outlet;
    this.#group = group;
    this.#onSent = onSent;
  }

  /** Whether there is room for something now. */
  get isOpen(): boolean {
    return this.#held === null && this.#waiters.size === 0;
  }

  /** Whether everything that the core has said was handed over. */
  isEmpty(core: GroupCore): boolean {
    return this.#held === null && core.isIdle;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** Lets this one wait, behind all who do. */
  queue(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  /** Lets it wait no longer. @returns whether it did */
  withdraw(waiter: Waiter): boolean {
    return this.#waiters.delete(waiter);
  }

  /** Hands over what there is room for. */
  flush(core: GroupCore): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      this.#handOver(core);
    } finally {
      this.#isFlushing = false;
    }
  }

  #handOver(core: GroupCore): void {
    for (;;) {
      this.#held ??= this.#next(core);
      if (this.#held === null) return;
      const { bytes, safe } = this.#held;
      if (this.#outlet.trySend(this.#group, bytes, { safe }) === 'full') return;
      this.#held = null;
      this.#onSent();
    }
  }

  /** Nothing of the present incarnation goes out any more. */
  renew(): void {
    this.#held = null;
  }

  /** Nobody waits any longer: this is why. */
  fail(error: Error): void {
    for (const waiter of this.#waiters) waiter.failed(error);
    this.#waiters.clear();
  }

  #next(core: GroupCore): Submission | null {
    if (this.#waiters.size > 0 && core.members.length > 0) {
      for (const waiter of this.#waiters) {
        // One after the other, until one has said something.
        if (!core.isIdle) break;
        this.#waiters.delete(waiter);
        waiter.say(core);
        waiter.said();
      }
    }
    return core.next();
  }
}
