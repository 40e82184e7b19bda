/**
 * What one incarnation sends: sealed under its own key, each datagram with the next counter (X3, X4).
 *
 * It knows what its counter was a moment ago, for its answers to challenges (X8): every datagram above that was sent within the
 * last 750 ms, and every one of the last 250 ms is above it.
 */
import type { KeyObject } from 'node:crypto';
import { giveBack } from '../memory/give-back.ts';
import { NextCipher, newCipher } from './ciphers.ts';
import type { KeyRing } from './key-ring.ts';
import {
  headBytes,
  overheadBytes,
  transmitterName,
  writeHead,
  writeTransmitter,
} from './layout.ts';

const markMs = 250;

export class Transmission {
  /** 128 random bits. */
  readonly transmitter: Uint8Array;
  readonly name: string;
  /** The head of the next datagram. */
  readonly #head = Buffer.alloc(headBytes);
  readonly #clock: () => number;
  readonly #next = new NextCipher(newCipher);
  #keyId: number;
  #key: KeyObject;
  #counter = 0;
  #older = 0;
  #newer = 0;
  #newerAt: number;

  constructor(transmitter: Uint8Array, ring: KeyRing, clock: () => number) {
    this.transmitter = transmitter;
    writeTransmitter(this.#head, transmitter);
    this.name = transmitterName(this.#head);
    this.#clock = clock;
    this.#newerAt = clock();
    [this.#keyId, this.#key] = newestKey(ring, transmitter);
  }

  /** From now on sends under the newest key of this ring. */
  rekey(ring: KeyRing): void {
    [this.#keyId, this.#key] = newestKey(ring, this.transmitter);
  }

  seal(kind: number, message: Uint8Array): Buffer {
    this.#mark();
    this.#counter += 1;
    const datagram = Buffer.allocUnsafe(message.length + overheadBytes);
    writeHead(this.#head, { kind, keyId: this.#keyId, counter: this.#counter });
    datagram.set(this.#head);
    const cipher = this.#next.take(this.#counter, this.#key);
    cipher.setAAD(this.#head);
    const text = cipher.update(message);
    datagram.set(text, headBytes);
    giveBack(text);
    cipher.final();
    datagram.set(cipher.getAuthTag(), headBytes + message.length);
    return datagram;
  }

  /** Makes ready what the next datagram needs. */
  ready(): void {
    this.#next.expect(this.#counter + 1, this.#key);
  }

  /** The counter of a moment ago. */
  recent(): number {
    this.#mark();
    return this.#older;
  }

  #mark(): void {
    const now = this.#clock();
    const passedMs = now - this.#newerAt;
    if (passedMs < markMs) return;
    // What was sent since the newer mark was sent within markMs of it: too long ago by now, or the newer mark is the older one.
    this.#older = passedMs >= 2 * markMs ? this.#counter : this.#newer;
    this.#newer = this.#counter;
    this.#newerAt = now;
  }
}

function newestKey(ring: KeyRing, transmitter: Uint8Array): [number, KeyObject] {
  const key = ring.derive(ring.newest, transmitter);
  if (key === undefined) throw new Error('a key ring without its newest key');
  return [ring.newest, key];
}
