/**
 * The running hash of a trace, and the fingerprint by which payloads are shown.
 *
 * Not cryptographic: it tells runs apart that differ by accident. Two 32-bit lanes, mixed as in
 * MurmurHash3, over the type and the value of each field; numbers by their 64-bit pattern.
 */

/** What can be hashed: the fields of a trace event. */
export type Field = number | string | boolean | null | Uint8Array | readonly string[];

const numberBits = new Float64Array(1);
const numberWords = new Uint32Array(numberBits.buffer);

/** What stands before a value in the hash, so that `1` and `'1'` differ. */
const marks = { number: 1, string: 2, bytes: 3, true: 4, false: 5, null: 6, list: 7, event: 8 };

export class TraceHash {
  #low = 0x2545f491;
  #high = 0x6c62272e;

  add(event: { readonly [name: string]: Field | undefined }): void {
    this.#word(marks.event);
    for (const name in event) {
      const value = event[name];
      if (value === undefined) continue;
      this.#name(name);
      this.#field(value);
    }
  }

  text(): string {
    return hex(finish(this.#high)) + hex(finish(this.#low));
  }

  #field(value: Field): void {
    if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'boolean') this.#word(value ? marks.true : marks.false);
    else if (value === null) this.#word(marks.null);
    else if (value instanceof Uint8Array) this.#bytes(value);
    else this.#list(value);
  }

  #number(value: number): void {
    numberBits[0] = value;
    this.#word(marks.number);
    this.#word(numberWords[0] as number);
    this.#word(numberWords[1] as number);
  }

  /** The names of fields come again and again: each is summed once. */
  #name(name: string): void {
    let sum = sumsOfNames.get(name);
    if (sum === undefined) {
      sum = sumOf(name);
      sumsOfNames.set(name, sum);
    }
    this.#word(sum);
  }

  #text(value: string): void {
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(rotate(high ^ unit, 13), 0x85ebca6b);
    }
    this.#low = low;
    this.#high = high;
    this.#word(marks.string + (value.length << 3));
  }

  #bytes(value: Uint8Array): void {
    this.#word(marks.bytes + (value.length << 3));
    this.#word(sum(value));
  }

  #list(value: readonly string[]): void {
    this.#word(marks.list + (value.length << 3));
    for (const item of value) this.#text(item);
  }

  // Kept to 32 bits, or the engine would turn to floating point.
  #word(word: number): void {
    const low = Math.imul(rotate(this.#low ^ Math.imul(word, 0xcc9e2d51), 13), 5) + 0x52dce729;
    const high = Math.imul(rotate(this.#high ^ Math.imul(word, 0x1b873593), 15), 3) + 0x38495ab5;
    this.#low = low | 0;
    this.#high = high | 0;
  }
}

const sumsOfNames = new Map<string, number>();

function sumOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

/** Eight hexadecimal digits that tell payloads apart. */
export function fingerprint(bytes: Uint8Array): string {
  return hex(finish(sum(bytes)));
}

function sum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5 ^ bytes.length;
  for (let index = 0; index < bytes.length; index += 1) {
    hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193);
  }
  return hash;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function finish(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
