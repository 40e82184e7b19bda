/**
 * Memory that a processor was lent: datagrams, and buffers with messages that were handed over. It says what it holds no more (`returned`), and
 * when nothing of a buffer is out it is given back. Of what it does not say that, the collector takes care.
 *
 * G1 A buffer is given back only when all that was lent of it was returned, and after the effects until then were performed.
 */
import { giveBackBuffer } from './give-back.ts';

/** To keep account of shorter messages, several of which a buffer has, costs more than it saves: with one in it a buffer is left to the collector. */
const returnedMin = 256;

export class Loans {
  /** Beside its message a datagram has at most so many bytes. Node.js gives each datagram a buffer of its own, and so do the gates. */
  readonly #overheadBytes: number;
  /** Of a buffer with several messages: how many of their bytes are out. */
  readonly #out = new WeakMap<ArrayBufferLike, number>();
  #returned: ArrayBufferLike[] = [];

  constructor(overheadBytes: number) {
    this.#overheadBytes = overheadBytes;
  }

  /** Several messages are lent, which lie in one buffer. */
  lend(messages: readonly Uint8Array[]): void {
    const [first] = messages;
    if (first === undefined) return;
    const isCounted = messages.every(({ length }) => length >= returnedMin);
    const bytes = messages.reduce((sum, { length }) => sum + length, 0);
    this.#out.set(first.buffer, isCounted ? bytes : Number.POSITIVE_INFINITY);
  }

  /** The processor holds nothing of a message, or of a datagram. */
  readonly returned = ({ buffer, length }: Uint8Array): void => {
    if (length < returnedMin) return;
    const out = this.#out.get(buffer);
    if (out === undefined) {
      if (buffer.byteLength <= length + this.#overheadBytes) this.#returned.push(buffer);
      return;
    }
    if (out > length) this.#out.set(buffer, out - length);
    else {
      this.#out.delete(buffer);
      this.#returned.push(buffer);
    }
  };

  /** All effects were performed. */
  settle(): void {
    if (this.#returned.length === 0) return;
    for (const buffer of this.#returned) giveBackBuffer(buffer);
    this.#returned = [];
  }
}
