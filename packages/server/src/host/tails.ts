/** The bound of all tails together: the oldest deliveries of all groups leave first (T2). */
import type { Delivered } from './delivered.ts';
import type { GroupStream } from './group-stream.ts';
import { Queue } from './queue.ts';

type Held = { readonly stream: GroupStream; readonly delivered: Delivered };

export class Tails {
  readonly #bytesMax: number;
  readonly #held = new Queue<Held>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(stream: GroupStream, delivered: Delivered): void {
    stream.tail.append(delivered);
    this.#held.push({ stream, delivered });
    this.#bytes += delivered.wire.length;
  }

  /** Drops the oldest delivery if there are too many and its row is stored; tells whose it was. */
  dropOldest(storedUpTo: number): GroupStream | null {
    const oldest = this.#held.peek();
    if (oldest === undefined || this.#bytes <= this.#bytesMax) return null;
    if (oldest.delivered.seq > storedUpTo) return null;
    this.#held.shift();
    oldest.stream.tail.drop(oldest.delivered);
    this.#bytes -= oldest.delivered.wire.length;
    return oldest.stream;
  }
}
