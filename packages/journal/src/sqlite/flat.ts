/**
 * Messages between the driver and its worker, laid flat: all numbers of a batch in one array, all
 * bytes in another. Both are handed over without a copy; a structured clone of thousands of small
 * objects and byte arrays costs several times the commit itself.
 */
export type Flat = {
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** The buffers to hand over with a batch. */
export function buffersOf({ numbers, bytes }: Flat): ArrayBuffer[] {
  return [numbers.buffer, bytes.buffer];
}

const NUMBERS_MIN = 256;
const BYTES_MIN = 4096;

export class FlatWriter {
  #numbers = new Float64Array(NUMBERS_MIN);
  #count = 0;
  #bytes = new Uint8Array(BYTES_MIN);
  #length = 0;

  number(value: number): void {
    if (this.#count === this.#numbers.length) {
      const larger = new Float64Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#count] = value;
    this.#count += 1;
  }

  /** Copies: the caller may use its buffer again at once. */
  blob(bytes: Uint8Array): void {
    this.number(bytes.length);
    const end = this.#length + bytes.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = end;
  }

  /** What was written, to be handed over; the writer starts anew, as large as it had to be. */
  take(): Flat {
    const flat = {
      numbers: this.#numbers.subarray(0, this.#count),
      bytes: this.#bytes.subarray(0, this.#length),
    };
    this.#numbers = new Float64Array(capacityAfter(this.#count, NUMBERS_MIN));
    this.#bytes = new Uint8Array(capacityAfter(this.#length, BYTES_MIN));
    this.#count = 0;
    this.#length = 0;
    return flat;
  }
}

/** The next batch is likely as large as this one; one huge batch must not stay for ever. */
function capacityAfter(used: number, least: number): number {
  return Math.max(least, Math.min(used, 64 * least));
}

export class FlatReader {
  readonly #flat: Flat;
  #next = 0;
  #at = 0;

  constructor(flat: Flat) {
    this.#flat = flat;
  }

  get done(): boolean {
    return this.#next === this.#flat.numbers.length;
  }

  number(): number {
    const value = this.#flat.numbers[this.#next];
    if (value === undefined) throw new RangeError('a batch ends within a message');
    this.#next += 1;
    return value;
  }

  /** A view into the batch, not a copy. */
  blob(): Uint8Array {
    const end = this.#at + this.number();
    const bytes = this.#flat.bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  /** A counted list, each item read by `item`. */
  list<T>(item: () => T): T[] {
    return Array.from({ length: this.number() }, item);
  }
}
