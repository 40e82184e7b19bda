/**
 * The live content of a group's objects in memory, for transfers (paper §3.3, `group_msgs`): an update
 * with NEW purges the earlier ones of its object, a checkpoint purges all. At a threshold the whole
 * list is emptied; what is not here is read from the rows.
 *
 * L1 What it holds at a position is all that the row has for the objects asked, or it holds nothing.
 */
import type { ObjectId } from '@choir/protocol';
import type { Update } from './delivered.ts';

type Kept = { readonly updates: Update[]; live: number };

/** What an update costs besides its data. */
const updateBytes = 100;

export class Content {
  readonly #bySeq = new Map<number, Kept>();
  readonly #seqsOf = new Map<ObjectId, number[]>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes up what a delivery at `seq`, the newest, did. */
  apply(seq: number, updates: readonly Update[]): void {
    for (const { object, update, data } of updates) {
      if (update === 'NEW') this.#purge(object);
      this.#put(seq, { object, update, data: owned(data) });
    }
  }

  /** Takes up what was read from the row at `seq`. */
  fill(seq: number, updates: readonly Update[]): void {
    if (this.#bySeq.has(seq)) return;
    for (const { object, update, data } of updates) {
      this.#put(seq, { object, update, data: owned(data) });
    }
  }

  find(seq: number): readonly Update[] | null {
    return this.#bySeq.get(seq)?.updates ?? null;
  }

  empty(): void {
    this.#bySeq.clear();
    this.#seqsOf.clear();
    this.#bytes = 0;
  }

  #put(seq: number, update: Update): void {
    this.#bytes += updateBytes + update.data.length;
    const kept = this.#bySeq.get(seq);
    if (kept === undefined) this.#bySeq.set(seq, { updates: [update], live: 1 });
    else {
      kept.updates.push(update);
      kept.live += 1;
    }
    const seqs = this.#seqsOf.get(update.object);
    if (seqs === undefined) this.#seqsOf.set(update.object, [seq]);
    else seqs.push(seq);
  }

  #purge(object: ObjectId): void {
    const seqs = this.#seqsOf.get(object);
    if (seqs === undefined) return;
    this.#seqsOf.delete(object);
    for (const seq of seqs) {
      const kept = this.#bySeq.get(seq);
      if (kept === undefined) continue;
      kept.live -= 1;
      if (kept.live === 0) this.#drop(seq, kept);
    }
  }

  #drop(seq: number, { updates }: Kept): void {
    this.#bySeq.delete(seq);
    for (const { data } of updates) this.#bytes -= updateBytes + data.length;
  }
}

/** A view keeps all of the bytes that it is a view of alive; a small part of them is copied. */
function owned(data: Uint8Array): Uint8Array {
  return data.length * 2 < data.buffer.byteLength ? data.slice() : data;
}
