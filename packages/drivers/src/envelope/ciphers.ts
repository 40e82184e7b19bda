/**
 * AES-256-GCM for one datagram (X4, X5), made before it is needed: to make a cipher takes as long as to use it, and both are slow after a rest, when a single
 * message is on its way.
 */
import {
  type CipherGCM,
  createCipheriv,
  createDecipheriv,
  type DecipherGCM,
  type KeyObject,
} from 'node:crypto';
import { tagBytes, writeNonce } from './layout.ts';

const algorithm = 'aes-256-gcm';
const options = { authTagLength: tagBytes };
const nonce = Buffer.alloc(12);

export function newCipher(counter: number, key: KeyObject): CipherGCM {
  writeNonce(nonce, counter);
  return createCipheriv(algorithm, key, nonce, options);
}

export function newDecipher(counter: number, key: KeyObject): DecipherGCM {
  writeNonce(nonce, counter);
  return createDecipheriv(algorithm, key, nonce, options);
}

/** The cipher of the datagram that is expected next; it is given once. */
export class NextCipher<Cipher> {
  readonly #make: (counter: number, key: KeyObject) => Cipher;
  #next: { readonly counter: number; readonly key: KeyObject; readonly cipher: Cipher } | null =
    null;

  constructor(make: (counter: number, key: KeyObject) => Cipher) {
    this.#make = make;
  }

  /** Makes the one for this datagram, if it is not there yet. */
  expect(counter: number, key: KeyObject): void {
    if (this.#made(counter, key) !== null) return;
    this.#next = { counter, key, cipher: this.#make(counter, key) };
  }

  take(counter: number, key: KeyObject): Cipher {
    const made = this.#made(counter, key);
    if (made === null) return this.#make(counter, key);
    this.#next = null;
    return made;
  }

  #made(counter: number, key: KeyObject): Cipher | null {
    const next = this.#next;
    return next?.counter === counter && next.key === key ? next.cipher : null;
  }
}
