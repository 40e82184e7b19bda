/**
 * What goes out to a group, as there is room: first what the core has said, then those who wait, in the order in which they came, then pieces
 * of the state.
 */
import type { ProcessorHost } from '@choir/drivers';
import type { GroupId } from '@choir/ftmp';
import type { GroupCore, Submission } from './core/index.ts';
import type { GroupError } from './group-error.ts';

/** Says something to the core. */
export type Say = (core: GroupCore) => void;

type Waiter = PromiseWithResolvers<void> & {
  readonly say: Say;
};

export class Outflow {
  readonly #host: ProcessorHost;
  readonly #group: GroupId;
  readonly #onSent: () => void;
  /** What the host had no room for. */
  #held: Submission | null = null;
  /** The application may say something while it makes a piece of its state: that goes out behind the piece. */
  #isFlushing = false;
  readonly #waiters = new Set<Waiter>();

  /** @param onSent is told of each message that the host has taken */
  constructor(host: ProcessorHost, group: GroupId, onSent: () => void) {
    this.#host = host;
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

  /** Resolves when there was room, and it was said; rejects when the signal or `fail` says so before. */
  async wait(say: Say, signal: AbortSignal | undefined): Promise<void> {
    const waiter: Waiter = { say, ...Promise.withResolvers<void>() };
    const abort = (): void => {
      if (this.#waiters.delete(waiter)) waiter.reject(signal?.reason);
    };
    this.#waiters.add(waiter);
    signal?.addEventListener('abort', abort);
    try {
      await waiter.promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
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
      if (this.#host.trySend(this.#group, bytes, { safe }) === 'full') return;
      this.#held = null;
      this.#onSent();
    }
  }

  /** Nothing of the present incarnation goes out any more. */
  renew(): void {
    this.#held = null;
  }

  fail(error: GroupError): void {
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  #next(core: GroupCore): Submission | null {
    if (this.#waiters.size > 0 && core.members.length > 0) {
      for (const waiter of this.#waiters) {
        // One after the other, until one has said something.
        if (!core.isIdle) break;
        this.#waiters.delete(waiter);
        waiter.say(core);
        waiter.resolve();
      }
    }
    return core.next();
  }
}
