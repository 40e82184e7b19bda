/**
 * The gate of datagrams that are not protected: a checksum finds damage, and keeps nobody out. The bytes are those of
 * `checked` of @choir/ftmp, by the system's own CRC-32, which is ten times as fast.
 */
import { crc32 } from 'node:zlib';
import { checked } from '@choir/ftmp';
import type { Destination } from '../udp/destination.ts';
import { type Gate, isNowhere, type Passage, Tally } from './gate.ts';

export class OpenGate implements Gate {
  readonly overheadBytes = checked.overheadBytes;
  readonly #passage: Passage;
  readonly #tally = new Tally();

  constructor(passage: Passage) {
    this.#passage = passage;
  }

  get refused(): ReadonlyMap<string, number> {
    return this.#tally.counts;
  }

  seal(message: Uint8Array): Uint8Array {
    const datagram = Buffer.allocUnsafe(message.length + checked.overheadBytes);
    datagram.set(message);
    datagram.writeUInt32BE(crc32(message), message.length);
    return datagram;
  }

  arrive(datagram: Uint8Array, from: Destination, _now: number): void {
    if (isNowhere(from)) {
      this.#tally.count('port');
      return;
    }
    const length = datagram.length - checked.overheadBytes;
    if (length < 0) {
      this.#tally.count('short');
      return;
    }
    const message = datagram.subarray(0, length);
    const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
    if (view.getUint32(length) === crc32(message)) this.#passage.pass(message, from);
    else this.#tally.count('damaged');
  }

  ready(): void {}

  renew(): void {}
}
