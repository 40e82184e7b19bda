/**
 * The newest committed entries, in memory: what nearly every read is answered from.
 *
 * Invariants:
 * Q1 The entries are contiguous and end at the head.
 * Q2 Never more than the limits below; the oldest go first. The last one always stays.
 */
import type { Ordered } from '../contract.ts';

export const windowEntriesMax = 16_384;
export const windowBytesMax = 16 * 1024 * 1024;
/** What an entry costs beside its payload, roughly. */
export const entryOverheadBytes = 150;

function weight(ordered: Ordered): number {
  return entryOverheadBytes + (ordered.kind === 'entry' ? ordered.bytes.length : 0);
}

export class RecentWindow {
  /** In use from `#start` on; what is before has been let go. */
  readonly #entries: (Ordered | null)[] = [];
  #start = 0;
  #bytes = 0;

  append(ordered: Ordered): void {
    this.#entries.push(ordered);
    this.#bytes += weight(ordered);
    while (this.#length > 1 && this.#isOverfull()) this.#drop();
    if (this.#start > windowEntriesMax) {
      this.#entries.splice(0, this.#start);
      this.#start = 0;
    }
  }

  /** The `seq` of its first entry; null while it is empty. */
  get first(): number | null {
    return this.#entries[this.#start]?.at.seq ?? null;
  }

  covers(seq: number): boolean {
    return this.first !== null && seq >= this.first;
  }

  /** Entries from `seq` on, which it must cover: about `maxBytes`, at least one if there is any. */
  from(seq: number, maxBytes: number): Ordered[] {
    const entries: Ordered[] = [];
    let bytes = 0;
    let index = this.#start + seq - (this.first ?? seq);
    for (; index < this.#entries.length; index += 1) {
      const ordered = this.#entries[index];
      if (ordered === null || ordered === undefined) break;
      bytes += weight(ordered);
      if (bytes > maxBytes && entries.length > 0) break;
      entries.push(ordered);
    }
    return entries;
  }

  get #length(): number {
    return this.#entries.length - this.#start;
  }

  #isOverfull(): boolean {
    return this.#length > windowEntriesMax || this.#bytes > windowBytesMax;
  }

  #drop(): void {
    const oldest = this.#entries[this.#start];
    if (oldest !== null && oldest !== undefined) this.#bytes -= weight(oldest);
    this.#entries[this.#start] = null;
    this.#start += 1;
  }
}
