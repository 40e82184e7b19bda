/** The transmitters that have proved to be there now, with what was taken of each (X6). */
import type { DecipherGCM, KeyObject } from 'node:crypto';
import { NextCipher, newDecipher } from './ciphers.ts';
import type { KeyRing } from './key-ring.ts';
import { ReplayWindow } from './replay-window.ts';

/** Beyond it who was silent for longest is forgotten, and has to prove itself again. */
export const transmittersMax = 1_024;

export class Transmitter {
  readonly bytes: Uint8Array;
  window: ReplayWindow;
  heardAt: number;
  readonly #next = new NextCipher(newDecipher);
  readonly #keys = new Map<number, KeyObject>();

  constructor(bytes: Uint8Array, floor: number, now: number) {
    this.bytes = bytes;
    this.window = new ReplayWindow(floor);
    this.heardAt = now;
  }

  /** What opens its datagram of this counter. */
  decipher(counter: number, key: KeyObject): DecipherGCM {
    return this.#next.take(counter, key);
  }

  /** Makes ready what its datagram of this counter needs. */
  expect(counter: number, key: KeyObject): void {
    this.#next.expect(counter, key);
  }

  key(ring: KeyRing, id: number): KeyObject | undefined {
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = ring.derive(id, this.bytes);
    if (key !== undefined) this.#keys.set(id, key);
    return key;
  }

  forgetKeys(): void {
    this.#keys.clear();
  }
}

export class Transmitters {
  readonly #known = new Map<string, Transmitter>();

  get size(): number {
    return this.#known.size;
  }

  get(name: string): Transmitter | undefined {
    return this.#known.get(name);
  }

  add(name: string, transmitter: Transmitter): void {
    if (this.#known.size >= transmittersMax && !this.#known.has(name)) this.#forgetOne();
    this.#known.set(name, transmitter);
  }

  forgetKeys(): void {
    for (const transmitter of this.#known.values()) transmitter.forgetKeys();
  }

  #forgetOne(): void {
    let [longest, heardAt] = ['', Number.POSITIVE_INFINITY];
    for (const [name, transmitter] of this.#known) {
      if (transmitter.heardAt < heardAt) [longest, heardAt] = [name, transmitter.heardAt];
    }
    this.#known.delete(longest);
  }
}
