/**
 * Many small encoded messages in few large buffers: a buffer of its own for each message costs more
 * than encoding it. Messages that live equally long share a slab, since each keeps all of it alive.
 */
import { Writer } from '@choir/bytes';
import { type Codec, type FromServer, fromServer } from '@choir/protocol';

const slabBytes = 64 * 1024;
/** What is larger gets a buffer of its own. */
const pieceBytesMax = slabBytes / 8;

export class Slab {
  readonly #writer = new Writer();
  #buffer = new ArrayBuffer(0);
  #used = 0;

  /** A value as its codec writes it. */
  encode<T>(codec: Codec<T>, value: T): Uint8Array {
    this.#writer.clear();
    codec.write(this.#writer, value);
    if (this.#writer.length > pieceBytesMax) return this.#writer.take();
    const piece = this.#place(this.#writer.length);
    piece.set(this.#writer.written());
    return piece;
  }

  /** A message with its length before it, as it stands in a frame. */
  encodeMessage(message: FromServer): Uint8Array {
    this.#writer.clear();
    fromServer.write(this.#writer, message);
    const body = this.#writer.length;
    if (body > pieceBytesMax) return this.#writer.takeWithLength();
    // The length is at most two bytes, since the message is that short.
    const prefix = body < 0x80 ? 1 : 2;
    const piece = this.#place(prefix + body);
    piece[0] = prefix === 1 ? body : (body & 0x7f) | 0x80;
    if (prefix === 2) piece[1] = body >> 7;
    piece.set(this.#writer.written(), prefix);
    return piece;
  }

  #place(length: number): Uint8Array {
    if (this.#used + length > this.#buffer.byteLength) {
      this.#buffer = new ArrayBuffer(slabBytes);
      this.#used = 0;
    }
    const piece = new Uint8Array(this.#buffer, this.#used, length);
    this.#used += length;
    return piece;
  }
}
