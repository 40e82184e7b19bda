/**
 * Reads protected datagrams without taking part, for tools that show them: what the head says, and with the keys what is in
 * them. Whether a datagram is fresh (X6 to X8 of docs/protocol/ftmp-envelope.md) is not judged.
 */
import type { KeyObject } from 'node:crypto';
import type { ClusterKey } from '../keys.ts';
import { newDecipher } from './ciphers.ts';
import { KeyRing } from './key-ring.ts';
import {
  bufferOf,
  type HeadRefusal,
  kinds,
  nonceBytes,
  readCounter,
  readHead,
  transmitterBytes,
  transmitterOf,
} from './layout.ts';
import { unseal } from './unseal.ts';

/** X1: what anybody can read. */
export type ClearHead = {
  readonly kind: 'data' | 'challenge' | 'answer';
  readonly keyId: number;
  /** 32 hexadecimal digits. */
  readonly transmitter: string;
  readonly counter: number;
};

export type EnvelopeReading =
  | { readonly result: 'malformed'; readonly problem: string }
  /** It does not open: the cluster key with its id is not there, or its tag is wrong. */
  | { readonly result: 'closed'; readonly head: ClearHead; readonly why: 'key' | 'tag' }
  | { readonly result: 'data'; readonly head: ClearHead; readonly message: Uint8Array }
  /** X7: `asked` is a transmitter. */
  | { readonly result: 'challenge'; readonly head: ClearHead; readonly asked: string }
  /** X8 */
  | {
      readonly result: 'answer';
      readonly head: ClearHead;
      readonly challenger: string;
      readonly floor: number;
    };

const problems: Readonly<Record<HeadRefusal, string>> = {
  short: 'it is shorter than an envelope',
  magic: 'it does not begin with FTMX',
  version: 'it has another version of the envelope',
  kind: 'no datagram is of this kind',
  counter: 'its counter is 0, or larger than 2^53-1',
};
const kindNames = ['data', 'challenge', 'answer'] as const;
const derivedMax = 1_024;

export class EnvelopeReader {
  readonly #ring: KeyRing;
  readonly #derived = new Map<string, KeyObject>();

  /** @param keys checked, as `readKeys` gives them; none to read heads alone */
  constructor(keys: readonly ClusterKey[]) {
    this.#ring = new KeyRing(keys);
  }

  read(bytes: Uint8Array): EnvelopeReading {
    const datagram = bufferOf(bytes);
    const found = readHead(datagram);
    if (typeof found === 'string') return { result: 'malformed', problem: problems[found] };
    const { keyId, counter } = found;
    const transmitter = transmitterOf(datagram).toString('hex');
    const head = { kind: kindNames[found.kind] ?? 'data', keyId, transmitter, counter };
    const key = this.#keyOf(head, transmitterOf(datagram));
    if (key === undefined) return { result: 'closed', head, why: 'key' };
    const message = unseal(datagram, newDecipher(counter, key));
    if (message === null) return { result: 'closed', head, why: 'tag' };
    return found.kind === kinds.data
      ? { result: 'data', head, message }
      : handshake(head, bufferOf(message));
  }

  #keyOf({ keyId, transmitter }: ClearHead, bytes: Buffer): KeyObject | undefined {
    const name = `${keyId} ${transmitter}`;
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    const key = this.#ring.derive(keyId, bytes);
    if (key === undefined) return undefined;
    const [oldest] = this.#derived.keys();
    if (oldest !== undefined && this.#derived.size >= derivedMax) this.#derived.delete(oldest);
    this.#derived.set(name, key);
    return key;
  }
}

function handshake(head: ClearHead, message: Buffer): EnvelopeReading {
  const named = message.toString('hex', 0, transmitterBytes);
  const floorAt = transmitterBytes + nonceBytes;
  const length = floorAt + (head.kind === 'answer' ? 8 : 0);
  if (message.length !== length) {
    return { result: 'malformed', problem: `a datagram of this kind has ${length} bytes in it` };
  }
  if (head.kind === 'challenge') return { result: 'challenge', head, asked: named };
  return { result: 'answer', head, challenger: named, floor: readCounter(message, floorAt) };
}
