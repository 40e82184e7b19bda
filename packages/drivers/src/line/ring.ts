/**
 * A ring of bytes in memory that two threads share: one thread writes records, the other reads them.
 *
 * N1 A record is seen whole or not at all: it counts only when `written` has passed it.
 * N2 The writer never waits: what has no room is refused.
 *
 * Layout: three counters of 32 bits, each on a cache line of its own, then the records. A record begins at a multiple of 8 and
 * lies in one piece: 32 bits length, 32 bits number, the bytes. A length of -1 means that the next one is at the beginning.
 */

const written = 0;
const read = 16;
const bell = 32;
const controlBytes = 256;
const capacity = 256 * 1024;
const headBytes = 8;
const atBeginning = -1;

/** Records are at most this long: a few of them have room. */
export const recordBytesMax = capacity / 8;

export function newRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(controlBytes + capacity);
}

class Ring {
  readonly control: Int32Array;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.control = new Int32Array(memory, 0, controlBytes / 4);
    this.bytes = new Uint8Array(memory, controlBytes);
    this.words = new Int32Array(memory, controlBytes);
  }
}

export class RingWriter {
  readonly #ring: Ring;

  constructor(memory: SharedArrayBuffer) {
    this.#ring = new Ring(memory);
  }

  /**
   * Writes a record of the parts, one behind the other.
   *
   * @returns false when there is no room
   */
  put(number: number, parts: readonly Uint8Array[]): boolean {
    const { control, bytes, words } = this.#ring;
    let length = 0;
    for (const part of parts) length += part.length;
    if (length > recordBytesMax) return false;
    const from = Atomics.load(control, written);
    const needed = headBytes + aligned(length);
    const toEnd = capacity - (from & (capacity - 1));
    const skipped = needed > toEnd ? toEnd : 0;
    const used = (from - Atomics.load(control, read)) >>> 0;
    if (used + skipped + needed > capacity) return false;
    if (skipped > 0) words[(from & (capacity - 1)) / 4] = atBeginning;
    const start = (from + skipped) & (capacity - 1);
    words[start / 4] = length;
    words[start / 4 + 1] = number;
    let at = start + headBytes;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    Atomics.store(control, written, (from + skipped + needed) | 0);
    return true;
  }

  /** Wakes the reader, if it waits. */
  ring(): void {
    const { control } = this.#ring;
    Atomics.add(control, bell, 1);
    Atomics.notify(control, bell);
  }
}

export class RingReader {
  readonly #ring: Ring;

  constructor(memory: SharedArrayBuffer) {
    this.#ring = new Ring(memory);
  }

  /** A copy of the next record if it has this number, else null. */
  take(number: number): Uint8Array<ArrayBuffer> | null {
    const { control, bytes, words } = this.#ring;
    let at = Atomics.load(control, read);
    if (at === Atomics.load(control, written)) return null;
    let start = at & (capacity - 1);
    if (words[start / 4] === atBeginning) {
      at += capacity - start;
      start = 0;
    }
    if (words[start / 4 + 1] !== (number | 0)) return null;
    const length = words[start / 4] ?? 0;
    // All of it is written at once: it need not be cleared.
    const record = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    record.set(bytes.subarray(start + headBytes, start + headBytes + length));
    Atomics.store(control, read, (at + headBytes + aligned(length)) | 0);
    return record;
  }

  /** How often the writer has rung. */
  get rung(): number {
    return Atomics.load(this.#ring.control, bell);
  }

  /** Calls back when the writer has rung more often than this; soon, if it has already. */
  whenRung(rung: number, then: () => void): void {
    const waiting = Atomics.waitAsync(this.#ring.control, bell, rung);
    if (waiting.async) void waiting.value.then(then);
    else setImmediate(then);
  }

  /** Calls back whoever waits for the writer: the platform keeps it, and all that it knows, for as long as it waits. */
  wake(): void {
    Atomics.notify(this.#ring.control, bell);
  }
}

function aligned(length: number): number {
  return (length + 7) & ~7;
}
