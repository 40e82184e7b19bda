/**
 * Cuts a snapshot into pieces where its content says so (content-defined chunking): two snapshots that are nearly alike have most of their
 * pieces in common, whatever was put in or taken out between them (T5).
 *
 * A rolling hash of the last 32 bytes decides; the gear hash, and that no piece is cut before its least length, are those of FastCDC (Xia et
 * al., USENIX ATC 2016).
 */

export type PieceSizes = {
  /** Bytes, at least; the last piece may be shorter. */
  readonly min: number;
  readonly max: number;
  /** 1 … 31: behind `min`, a piece ends at each byte with the probability 1 / 2^bits. */
  readonly bits: number;
};

/** Bytes that the hash looks back: each step shifts it by a bit. */
const windowBytes = 32;
const gear = Int32Array.from({ length: 256 }, (_, byte) => scattered(byte + 1));

export class Cutting {
  readonly #snapshot: Iterator<Uint8Array>;
  readonly #sizes: PieceSizes;
  readonly #mask: number;
  /** What was taken from the snapshot and is in no piece yet. */
  readonly #ahead: Uint8Array;
  #length = 0;
  /** Of what the snapshot gave last, what had no room ahead. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(snapshot: Iterable<Uint8Array>, sizes: PieceSizes) {
    this.#snapshot = snapshot[Symbol.iterator]();
    this.#sizes = sizes;
    this.#mask = -1 << (32 - sizes.bits);
    this.#ahead = new Uint8Array(sizes.max);
  }

  /**
   * The next piece, in memory of its own; empty at the end.
   *
   * @throws what the snapshot throws
   */
  next(): Uint8Array {
    this.#fill();
    const length = this.#endOfPiece();
    const piece = this.#ahead.slice(0, length);
    this.#ahead.copyWithin(0, length, this.#length);
    this.#length -= length;
    return piece;
  }

  /** Nobody wants what is left. What the snapshot throws then is its own. */
  close(): void {
    try {
      this.#snapshot.return?.();
    } catch {
      // As when it cannot give a piece: nothing of the group's depends on it.
    }
  }

  #fill(): void {
    while (this.#length < this.#ahead.length) {
      if (this.#rest.length === 0) {
        const { done, value } = this.#snapshot.next();
        if (done === true) return;
        this.#rest = value;
      }
      const part = this.#rest.subarray(0, this.#ahead.length - this.#length);
      this.#ahead.set(part, this.#length);
      this.#length += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
  }

  #endOfPiece(): number {
    const ahead = this.#ahead;
    const length = this.#length;
    const mask = this.#mask;
    const { min } = this.#sizes;
    let hash = 0;
    for (let at = Math.max(0, min - windowBytes); at < length; at += 1) {
      hash = ((hash << 1) + (gear[ahead[at] ?? 0] ?? 0)) | 0;
      if ((hash & mask) === 0 && at + 1 >= min) return at + 1;
    }
    return length;
  }
}

/** A number that looks like chance, the same at every member: the finalizer of MurmurHash3. */
function scattered(value: number): number {
  let bits = Math.imul(value, 0x9e3779b9);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
