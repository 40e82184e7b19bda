/**
 * The recent deliveries of a group, in memory.
 *
 * T1 It has every delivery of the group with a position above `start`; what is older is in the rows.
 * T2 Only deliveries whose rows are stored are dropped (`Tails`), so that nothing is in neither.
 */
import { type ClientId, joinMessages } from '@choir/protocol';
import type { Delivered } from './delivered.ts';

/** A stretch of a tail in one buffer, to be shared by all who are sent the same. */
export type Stretch = {
  readonly from: number;
  /** What was asked for; `upTo` is below it when that would have been too long. */
  readonly asked: number;
  readonly upTo: number;
  readonly bytes: Uint8Array;
  /** How many deliveries it holds. */
  readonly count: number;
  /** Clients that are sent something else in a place of it. */
  readonly exclusive: ReadonlySet<ClientId> | null;
};

/** Stretches kept for sharing; readers at more different positions than this share no more. */
const stretchesMax = 8;

export class Tail {
  #items: Delivered[] = [];
  #head = 0;
  #start: number;
  #stretches: Stretch[] = [];

  constructor(start: number) {
    this.#start = start;
  }

  get start(): number {
    return this.#start;
  }

  get empty(): boolean {
    return this.#head === this.#items.length;
  }

  append(delivered: Delivered): void {
    this.#items.push(delivered);
    this.#stretches.length = 0;
  }

  /** Drops the oldest delivery, which the caller names. */
  drop(delivered: Delivered): void {
    if (this.#items[this.#head] !== delivered) return;
    this.#start = delivered.seq;
    this.#head += 1;
    if (this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }

  at(seq: number): Delivered | null {
    const found = this.#items[this.#after(seq - 1)];
    return found?.seq === seq ? found : null;
  }

  /** The first `max` deliveries with `after < seq <= upTo`; `after` is not below `start`. */
  between(after: number, upTo: number, max: number): readonly Delivered[] {
    const from = this.#after(after);
    return this.#items.slice(from, Math.min(this.#after(upTo), from + max));
  }

  /**
   * The same in one buffer of about `maxBytes`, at least one delivery, shared between those who ask
   * for the same. Null when there are none.
   */
  stretch(after: number, upTo: number, maxBytes: number): Stretch | null {
    const index = this.#after(after);
    const first = this.#items[index];
    if (first === undefined || first.seq > upTo) return null;
    for (const known of this.#stretches) {
      if (known.from === first.seq && known.asked === upTo) return known;
    }
    const stretch = this.#join(index, upTo, maxBytes);
    if (this.#stretches.length < stretchesMax) this.#stretches.push(stretch);
    return stretch;
  }

  /** Forgets the shared buffers. */
  release(): void {
    this.#stretches.length = 0;
  }

  #join(index: number, asked: number, maxBytes: number): Stretch {
    const wires: Uint8Array[] = [];
    let exclusive: Set<ClientId> | null = null;
    let bytes = 0;
    let upTo = asked;
    for (let at = index; at < this.#items.length; at += 1) {
      const item = this.#items[at] as Delivered;
      if (item.seq > asked) break;
      if (wires.length > 0 && bytes + item.wire.length > maxBytes) {
        upTo = (this.#items[at - 1] as Delivered).seq;
        break;
      }
      wires.push(item.wire);
      bytes += item.wire.length;
      if (item.exclusive !== null) {
        exclusive ??= new Set();
        exclusive.add(item.exclusive.senderId);
      }
    }
    const [only] = wires;
    const whole = only !== undefined && wires.length === 1 ? only : joinMessages(wires);
    const from = (this.#items[index] as Delivered).seq;
    return { from, asked, upTo, bytes: whole, count: wires.length, exclusive };
  }

  /** Index of the first delivery after `seq`; mostly near the end, so that is tried first. */
  #after(seq: number): number {
    const items = this.#items;
    let high = items.length;
    if (high === this.#head || (items[high - 1] as Delivered).seq <= seq) return high;
    let low = this.#head;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((items[middle] as Delivered).seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
