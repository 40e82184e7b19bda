/**
 * Reads values from bytes that somebody else wrote. Nothing here throws, whatever the bytes are.
 *
 * R1 Failure sticks: the first read that cannot be done makes the reader `failed` and is remembered
 *    with its offset; every later read returns zero or nothing. A decoder reads on and asks once.
 * R2 Each value has one rendering: overlong numbers, UTF-8 that is not strict and flags other than
 *    0 and 1 fail. What was read can be written again to identical bytes.
 * R3 Byte arrays are views of the input, not copies, and plain `Uint8Array`s also when the input is a
 *    Node `Buffer`. Whoever keeps one keeps the whole input alive, and posting one to a worker copies
 *    the whole input: use `slice()` for either.
 * R4 A length is compared with what remains before anything is allocated for it.
 */

/**
 * END: the input is over before the value is. LIMIT: longer than the caller allows. FORM: these bytes
 * mean nothing. VALUE: well formed, but the layer above does not accept the value (`fail`).
 */
export type ReadFailureCode = 'END' | 'LIMIT' | 'FORM' | 'VALUE';

export type ReadFailure = {
  readonly code: ReadFailureCode;
  /** What is wrong, as a clause: "the flag is neither 0 nor 1". */
  readonly problem: string;
  /** Where the value that failed begins. */
  readonly offset: number;
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const noBytes = new Uint8Array(0);
/** Up to this length a loop over the bytes is faster than a call of the decoder (measured). */
const shortText = 40;
/**
 * Short texts read last, by a hash of their bytes. Names come again and again: found here, a text is not
 * made anew, and maps know it by its address. Only the speed depends on what is in here.
 */
const recentTexts: string[] = new Array(1_024).fill('');

export class Reader {
  readonly #bytes: Uint8Array;
  #offset: number;
  #end: number;
  #failure: ReadFailure | null = null;
  #counted = 0;

  /** Reads `bytes` from `start` up to `end`; offsets are counted from the beginning of `bytes`. */
  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#end = Math.min(Math.max(end, 0), bytes.length);
    this.#offset = Math.min(Math.max(start, 0), this.#end);
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  /** The first failure (R1). */
  get failure(): ReadFailure | null {
    return this.#failure;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Bytes not read yet; 0 once the reader has failed. */
  get remaining(): number {
    return this.#end - this.#offset;
  }

  /** The sum of what `count` gave: how many things a caller made of these bytes. */
  get counted(): number {
    return this.#counted;
  }

  /** Makes the reader fail at `offset`; a later failure does not replace the first. */
  fail(code: ReadFailureCode, problem: string, offset: number = this.#offset): void {
    if (this.#failure !== null) return;
    this.#failure = { code, problem, offset };
    // With nothing left, every later read ends in the checks that it makes anyway.
    this.#end = this.#offset;
  }

  u8(): number {
    if (!this.#has(1)) return 0;
    return this.#bytes[this.#offset++] ?? 0;
  }

  /** One byte, 0 or 1. */
  flag(): boolean {
    const value = this.u8();
    if (value > 1) this.fail('FORM', 'the flag is neither 0 nor 1', this.#offset - 1);
    return value === 1;
  }

  /** A number as `Writer.natural` writes it. */
  natural(): number {
    const first = this.#offset < this.#end ? (this.#bytes[this.#offset] ?? 0) : 0x80;
    if (first > 0x7f) return this.#longNatural();
    this.#offset++;
    return first;
  }

  /**
   * How many things follow. Over the limit, or over what remains (each thing takes a byte at least), it
   * fails and gives 0, so that the caller can trust the number (R4).
   */
  count(max: number): number {
    const count = this.#length(max, 'items');
    this.#counted += count;
    return count;
  }

  /** How many bytes follow; as `count`. */
  length(max: number): number {
    return this.#length(max, 'bytes');
  }

  /** Bytes with their length before them (R3). */
  bytes(max: number = Number.MAX_SAFE_INTEGER): Uint8Array {
    return this.raw(this.length(max));
  }

  /** The next `count` bytes (R3). */
  raw(count: number): Uint8Array {
    if (count === 0 || !this.#has(count)) return noBytes;
    const from = this.#bytes.byteOffset + this.#offset;
    this.#offset += count;
    return new Uint8Array(this.#bytes.buffer, from, count);
  }

  /** Passes over the next `count` bytes. */
  skip(count: number): void {
    if (this.#has(count)) this.#offset += count;
  }

  /** UTF-8 with its length in bytes before it. */
  text(maxBytes: number = Number.MAX_SAFE_INTEGER): string {
    const start = this.#offset;
    const count = this.length(maxBytes);
    if (count === 0) return '';
    const text = (count <= shortText ? this.#ascii(count) : null) ?? this.#utf8(count);
    if (text === null) {
      this.fail('FORM', 'the text is not UTF-8', start);
      return '';
    }
    this.#offset += count;
    return text;
  }

  #length(max: number, things: string): number {
    const start = this.#offset;
    const count = this.natural();
    if (count <= max && count <= this.#end - this.#offset) return count;
    if (count > max) this.fail('LIMIT', `more than ${max} ${things}`, start);
    else this.fail('END', 'the input ends too early', start);
    return 0;
  }

  #has(count: number): boolean {
    if (count <= this.#end - this.#offset) return true;
    this.fail('END', 'the input ends too early');
    return false;
  }

  #longNatural(): number {
    const start = this.#offset;
    let value = 0;
    let scale = 1;
    for (let at = start; at < this.#end && at < start + 8; at++) {
      const byte = this.#bytes[at] ?? 0;
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte > 0x7f) continue;
      if (byte === 0) return this.#badNatural('the number is longer than it need be');
      if (value > Number.MAX_SAFE_INTEGER) break;
      this.#offset = at + 1;
      return value;
    }
    if (this.#end - start >= 8 || value > Number.MAX_SAFE_INTEGER) {
      return this.#badNatural('the number is larger than 2^53-1');
    }
    this.fail('END', 'the input ends too early', start);
    return 0;
  }

  #badNatural(problem: string): number {
    this.fail('FORM', problem);
    return 0;
  }

  /** The next bytes as text, without passing them; null when they are not ASCII. */
  #ascii(count: number): string | null {
    let hash = count;
    for (let at = this.#offset; at < this.#offset + count; at++) {
      const byte = this.#bytes[at] ?? 0;
      if (byte > 0x7f) return null;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const slot = (hash ^ (hash >>> 10)) & (recentTexts.length - 1);
    const recent = recentTexts[slot] ?? '';
    if (this.#comes(recent, count)) return recent;
    const from = this.#offset;
    const text = String.fromCharCode(...this.#bytes.subarray(from, from + count));
    recentTexts[slot] = text;
    return text;
  }

  /** The next bytes are this text, which is ASCII. */
  #comes(text: string, count: number): boolean {
    if (text.length !== count) return false;
    for (let i = 0; i < count; i++) {
      if (text.charCodeAt(i) !== this.#bytes[this.#offset + i]) return false;
    }
    return true;
  }

  #utf8(count: number): string | null {
    const from = this.#bytes.byteOffset + this.#offset;
    try {
      return decoder.decode(new Uint8Array(this.#bytes.buffer, from, count));
    } catch {
      return null;
    }
  }
}
