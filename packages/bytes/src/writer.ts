/**
 * Appends values to a buffer that grows. Its counterpart is `reader.ts`; what one writes, the other
 * reads, and each value has exactly one rendering.
 *
 * W1 A value that has no rendering (a fraction, a negative number, text with half a surrogate pair)
 *    throws `UnencodableError`: such a value is a mistake of the caller, never of a peer.
 * W2 `written` is a view of what a later `take` or `clear` may have written over; `take` and
 *    `takeWithLength` are copies of exactly the right size, safe to keep and to hand to another thread.
 */
import { naturalBytes } from './natural.ts';

/** The caller asked to write a value that has no rendering (W1). */
export class UnencodableError extends Error {
  override readonly name = 'UnencodableError';
}

const encoder = new TextEncoder();
const loneSurrogate = /\p{Cs}/u;
/** Below this length a loop over the characters is faster than a call of the encoder (measured). */
const shortText = 48;
/** A buffer that has grown beyond this is given up when its contents are taken. */
const keptBytes = 64 * 1024;

export class Writer {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(Math.max(capacity, 16));
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    this.#within(value, 0xff);
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** 0 … 2^53-1 in one to eight bytes: seven bits a byte, low ones first, the high bit says "more". */
  natural(value: number): void {
    this.#within(value, Number.MAX_SAFE_INTEGER);
    this.#reserve(8);
    this.#length = putNatural(this.#bytes, this.#length, value);
  }

  /** Bytes with their length before them. */
  bytes(value: Uint8Array): void {
    this.natural(value.length);
    this.raw(value);
  }

  /** Bytes as they are; the reader must know how many. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** UTF-8 with its length in bytes before it. Returns that length. */
  text(value: string): number {
    return value.length < shortText && this.#ascii(value) ? value.length : this.#utf8(value);
  }

  /** What was written from this length on, as a view; later writes leave it as it is, until the writer is empty again (W2). */
  written(from = 0): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(from, this.#length);
  }

  /** A copy of what was written; the writer is empty afterwards (W2). */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length);
    this.clear();
    return taken;
  }

  /** As `take`, with the length of what was written before it. */
  takeWithLength(): Uint8Array<ArrayBuffer> {
    const prefix = naturalBytes(this.#length);
    const taken = new Uint8Array(prefix + this.#length);
    putNatural(taken, 0, this.#length);
    taken.set(this.written(), prefix);
    this.clear();
    return taken;
  }

  /** Forgets what was written. */
  clear(): void {
    if (this.#bytes.length > keptBytes) this.#bytes = new Uint8Array(keptBytes);
    this.#length = 0;
  }

  #within(value: number, max: number): void {
    if (!Number.isInteger(value) || value < 0 || value > max) {
      throw new UnencodableError(`${value} is not an integer from 0 to ${max}`);
    }
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.written());
    this.#bytes = grown;
  }

  /** Writes short text if it is ASCII; else writes nothing and returns false. */
  #ascii(value: string): boolean {
    this.#reserve(1 + value.length);
    const bytes = this.#bytes;
    const start = this.#length + 1;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 0x7f) return false;
      bytes[start + i] = unit;
    }
    bytes[this.#length] = value.length;
    this.#length = start + value.length;
    return true;
  }

  #utf8(value: string): number {
    if (loneSurrogate.test(value)) {
      throw new UnencodableError('the text contains half a surrogate pair');
    }
    // A UTF-16 unit takes at most three bytes. The length comes first but is known last: encode
    // behind the longest prefix it can need, then close the gap.
    const longest = value.length * 3;
    const start = this.#length + naturalBytes(longest);
    this.#reserve(naturalBytes(longest) + longest);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(start));
    const textStart = putNatural(this.#bytes, this.#length, written);
    if (textStart !== start) this.#bytes.copyWithin(textStart, start, start + written);
    this.#length = textStart + written;
    return written;
  }
}

/** Puts a natural number at an offset where there is room for it; returns the offset after it. */
function putNatural(bytes: Uint8Array, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  // Bit operators see 32 bits only; what is above goes by division.
  while (rest > 0x7fff_ffff) {
    bytes[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}
