/**
 * Volatile messages held back until what they were sent after has been received: a cursor must not
 * point into text that is not there yet. Bounded: the oldest is dropped (E7).
 */
import type { ClientId } from '@choir/protocol';

export type Volatile = {
  readonly after: number;
  readonly senderId: ClientId;
  readonly data: Uint8Array;
};

const heldMax = 256;

export class Volatiles {
  #held: Volatile[] = [];

  /** Takes a message; `release` hands it over, not before older ones of the same sender. */
  hold(message: Volatile): void {
    const older = this.#held.findLast(({ senderId }) => senderId === message.senderId);
    const after = Math.max(message.after, older?.after ?? 0);
    this.#held.push({ ...message, after });
    if (this.#held.length > heldMax) this.#held.shift();
  }

  /** Those that may be handed over when everything up to `seq` was received, in their order. */
  release(seq: number): readonly Volatile[] {
    if (this.#held.length === 0) return this.#held;
    const due = this.#held.filter(({ after }) => after <= seq);
    if (due.length > 0) this.#held = this.#held.filter(({ after }) => after > seq);
    return due;
  }

  clear(): void {
    this.#held = [];
  }
}
