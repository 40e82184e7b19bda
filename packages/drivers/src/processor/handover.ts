/**
 * Messages on their way from the application to the thread, many in one buffer: 32 bits group, 32 bits twice the length plus 1
 * when it is safe, the bytes. Both are of one process, so nothing is checked.
 */
import { type GroupId, groupId } from '@choir/ftmp';

const headBytes = 8;
const leastBytes = 1_024;

export class HandoverWriter {
  #buffer = Buffer.alloc(0);
  #view = new DataView(this.#buffer.buffer);
  #at = 0;
  /** As long as the buffers before it. */
  #hintBytes = leastBytes;

  get bytes(): number {
    return this.#at;
  }

  add(group: GroupId, message: Uint8Array, safe: boolean): void {
    const needed = this.#at + headBytes + message.length;
    if (needed > this.#buffer.length) this.#grow(needed);
    this.#view.setUint32(this.#at, group);
    this.#view.setUint32(this.#at + 4, message.length * 2 + (safe ? 1 : 0));
    this.#buffer.set(message, this.#at + headBytes);
    this.#at = needed;
  }

  /** What is written; the memory is used again after `clear`. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#at);
  }

  clear(): void {
    this.#at = 0;
  }

  /** What is written, in a buffer that may be transferred. */
  take(): Uint8Array<ArrayBuffer> {
    const { written } = this;
    this.#hintBytes = Math.max(leastBytes, this.#at);
    this.#buffer = Buffer.alloc(0);
    this.#at = 0;
    return written;
  }

  #grow(needed: number): void {
    const before = this.#buffer;
    // Not from the pool: a buffer that is transferred must be a whole one.
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(needed, 2 * before.length, this.#hintBytes));
    this.#view = new DataView(this.#buffer.buffer);
    this.#buffer.set(before.subarray(0, this.#at));
  }
}

export type HandedOver = {
  readonly group: GroupId;
  /** A view of what was packed. */
  readonly bytes: Uint8Array;
  readonly safe: boolean;
};

export function* readHandover(packed: Uint8Array): Generator<HandedOver> {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  let at = 0;
  while (at < packed.length) {
    const group = groupId(view.getUint32(at));
    const word = view.getUint32(at + 4);
    const bytes = packed.subarray(at + headBytes, at + headBytes + (word >>> 1));
    at += headBytes + bytes.length;
    yield { group, bytes, safe: (word & 1) === 1 };
  }
}
