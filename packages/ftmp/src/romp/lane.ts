/** What ordering knows of one source: how far it was heard, what it has acknowledged, and its messages that wait. */

import { Fifo } from '../fifo.ts';
import type { ProcessorId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';

export class Lane {
  readonly source: ProcessorId;
  /** Every reliable message of this source with this timestamp or a lower one was received, and it sends no more of them. */
  heard: number;
  /** The highest timestamp of its datagrams; what is heard may be a lookahead above it. */
  spoken: number;
  /** The highest ack timestamp that it sent. */
  ack = 0;
  /** The number of its message that was ordered last; -1 when none was. */
  ordered = -1;
  readonly waiting = new Fifo<Held>();
  #isOver = false;

  /** Nothing of this source up to here is wanted: the timestamp of its AddProcessor. */
  #begin: number;

  constructor(source: ProcessorId, begin: number) {
    this.source = source;
    this.heard = begin;
    this.spoken = begin;
    this.#begin = begin;
  }

  push(held: Held): void {
    if (!this.#isOver) this.waiting.push(held);
  }

  /** The source is removed at the place that the order has come to: what it says behind that has no place in it. */
  end(): void {
    this.#isOver = true;
    while (this.waiting.length > 0) this.waiting.shift();
  }

  /** Another AddProcessor for this source: the first one in the order is the one that counts. */
  beginsAt(timestamp: number): void {
    if (timestamp >= this.#begin) return;
    if (this.heard === this.#begin) this.heard = timestamp;
    if (this.spoken === this.#begin) this.spoken = timestamp;
    this.#begin = timestamp;
  }
}
