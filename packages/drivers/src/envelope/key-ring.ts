/** The cluster keys, and the keys of transmitters that follow from them (X2, X3). */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { ClusterKey } from '../keys.ts';

const info = Buffer.from('choir ftmp 1', 'latin1');
const derivedBytes = 32;

export class KeyRing {
  readonly #keys: ReadonlyMap<number, Uint8Array>;
  /** The id of the key for sending. */
  readonly newest: number;

  /** @param keys at least one, checked; the last one is for sending */
  constructor(keys: readonly ClusterKey[]) {
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
    this.newest = keys.at(-1)?.id ?? 0;
  }

  has(id: number): boolean {
    return this.#keys.has(id);
  }

  /** The key of a transmitter under one of the cluster keys; undefined when the ring has no such key. */
  derive(id: number, transmitter: Uint8Array): KeyObject | undefined {
    const key = this.#keys.get(id);
    if (key === undefined) return undefined;
    const idBytes = Buffer.from([id >> 8, id & 255]);
    const what = Buffer.concat([info, transmitter, idBytes]);
    return createSecretKey(
      Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), what, derivedBytes)),
    );
  }
}
