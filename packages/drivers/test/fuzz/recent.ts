// The last datagrams that were thrown, in memory that another thread can read while this one is busy, perhaps for ever.

export type Thrown = {
  /** Which it was, from 1 on. */
  readonly number: number;
  /** By whom, and what. */
  readonly name: string;
  readonly datagram: Uint8Array;
};

const slots = 16;
const nameBytes = 64;
const headBytes = 16;
/** The longest datagram, and the name. */
const slotBytes = headBytes + nameBytes + 65_536;

export class Recent {
  readonly memory: SharedArrayBuffer;
  /** The count of all, and of signs of life. */
  readonly #counts: Int32Array;

  constructor(memory = new SharedArrayBuffer(headBytes + slots * slotBytes)) {
    this.memory = memory;
    this.#counts = new Int32Array(memory, 0, 2);
  }

  /** It is thrown now. */
  add({ number, name, datagram }: Thrown): void {
    const at = headBytes + (number % slots) * slotBytes;
    const head = new DataView(this.memory, at, headBytes);
    const text = new TextEncoder().encode(name).subarray(0, nameBytes);
    const bytes = datagram.subarray(0, slotBytes - headBytes - nameBytes);
    head.setUint32(0, number);
    head.setUint32(4, text.length);
    head.setUint32(8, bytes.length);
    new Uint8Array(this.memory, at + headBytes, text.length).set(text);
    new Uint8Array(this.memory, at + headBytes + nameBytes, bytes.length).set(bytes);
    Atomics.store(this.#counts, 0, number);
    this.live();
  }

  /** The thread goes on. */
  live(): void {
    Atomics.add(this.#counts, 1, 1);
  }

  /** Changes as long as the thread goes on. */
  get signs(): number {
    return Atomics.load(this.#counts, 1);
  }

  /** The last ones, the newest last. */
  get all(): readonly Thrown[] {
    const last = Atomics.load(this.#counts, 0);
    const first = Math.max(1, last - slots + 1);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => this.#at(first + at));
  }

  #at(number: number): Thrown {
    const at = headBytes + (number % slots) * slotBytes;
    const head = new DataView(this.memory, at, headBytes);
    const copy = (from: number, length: number) =>
      new Uint8Array(this.memory, at + headBytes + from, length).slice();
    const name = new TextDecoder().decode(copy(0, head.getUint32(4)));
    return { number, name, datagram: copy(nameBytes, head.getUint32(8)) };
  }
}

/** As text, with the datagrams in hexadecimal digits, to be replayed. */
export function listed(all: readonly Thrown[]): string {
  return all
    .map(({ number, name, datagram }) => {
      return `${number} ${name}: ${Buffer.from(datagram).toString('hex')}`;
    })
    .join('\n');
}
