/**
 * The gate of protected datagrams: nothing is parsed that does not come from a holder of a cluster key, was taken before, or may
 * be a recording. The clauses are those of docs/protocol/ftmp-envelope.md.
 */
import { type KeyObject, randomBytes } from 'node:crypto';
import { giveBack } from '../memory/give-back.ts';
import type { Destination } from '../udp/destination.ts';
import { Allowance } from './allowance.ts';
import { newDecipher } from './ciphers.ts';
import { type Gate, isNowhere, type Passage, Tally } from './gate.ts';
import type { KeyRing } from './key-ring.ts';
import {
  bufferOf,
  type Head,
  kinds,
  nonceBytes,
  overheadBytes,
  readCounter,
  readHead,
  transmitterBytes,
  transmitterName,
  transmitterOf,
  writeCounter,
} from './layout.ts';
import { Strangers } from './strangers.ts';
import { Transmission } from './transmission.ts';
import { Transmitter, Transmitters } from './transmitters.ts';
import { unseal } from './unseal.ts';

/** Derivations of keys and answers cost time, and anybody can ask for them: 512 at once, 1,000 a second. */
const costly = { burst: 512, perSecond: 1_000 } as const;
const namedBytes = transmitterBytes + nonceBytes;

/** A datagram whose head was read. */
type Arrived = {
  readonly datagram: Buffer;
  readonly head: Head;
  readonly name: string;
  readonly from: Destination;
  readonly now: number;
};

/** The next one of who was heard last. */
type Expected = {
  readonly transmitter: Transmitter;
  readonly counter: number;
  readonly key: KeyObject;
};

export class SealedGate implements Gate {
  readonly overheadBytes = overheadBytes;
  readonly #passage: Passage;
  readonly #clock: () => number;
  readonly #tally = new Tally();
  readonly #transmitters = new Transmitters();
  readonly #strangers = new Strangers();
  readonly #derivations = new Allowance(costly.burst, costly.perSecond);
  readonly #answers = new Allowance(costly.burst, costly.perSecond);
  #ring: KeyRing;
  #transmission: Transmission;
  /** The datagram that comes next, if who was heard last goes on. */
  #expected: Expected | null = null;

  constructor(passage: Passage, ring: KeyRing, clock: () => number) {
    this.#passage = passage;
    this.#clock = clock;
    this.#ring = ring;
    this.#transmission = this.#incarnation();
  }

  get refused(): ReadonlyMap<string, number> {
    return this.#tally.counts;
  }

  ready(): void {
    this.#transmission.ready();
    if (this.#expected === null) return;
    const { transmitter, counter, key } = this.#expected;
    transmitter.expect(counter, key);
    this.#expected = null;
  }

  /** X3: a new incarnation has a key of its own. */
  renew(): void {
    this.#transmission = this.#incarnation();
  }

  /** X9: sends under the newest key of this ring, and takes what is under any of them. */
  rekey(ring: KeyRing): void {
    this.#ring = ring;
    this.#transmitters.forgetKeys();
    this.#transmission.rekey(ring);
  }

  seal(message: Uint8Array): Uint8Array {
    return this.#transmission.seal(kinds.data, message);
  }

  arrive(bytes: Uint8Array, from: Destination, now: number): void {
    const datagram = bufferOf(bytes);
    const head = isNowhere(from) ? 'port' : readHead(datagram);
    if (typeof head === 'string') {
      this.#tally.count(head);
      return;
    }
    const name = transmitterName(datagram);
    // Multicast brings back what was sent.
    if (name === this.#transmission.name) return;
    const refusal = this.#open({ datagram, head, name, from, now });
    if (refusal !== null) this.#tally.count(refusal);
  }

  /** Null, or why it is not let in. */
  #open(arrived: Arrived): string | null {
    const { datagram, head, name, from, now } = arrived;
    if (!this.#ring.has(head.keyId)) return 'key';
    const known = this.#transmitters.get(name);
    if (known === undefined && !this.#derivations.take(now)) return 'too-many-strangers';
    if (known !== undefined && !known.window.mayTake(head.counter)) return 'replayed';
    const key =
      known === undefined
        ? this.#ring.derive(head.keyId, transmitterOf(datagram))
        : known.key(this.#ring, head.keyId);
    if (key === undefined) return 'forged';
    const { counter } = head;
    const decipher = known?.decipher(counter, key) ?? newDecipher(counter, key);
    const message = unseal(datagram, decipher);
    if (message === null) return 'forged';
    if (known !== undefined) {
      known.window.take(counter);
      known.heardAt = now;
      this.#expected = { transmitter: known, counter: counter + 1, key };
    }
    if (head.kind === kinds.challenge) return this.#challenged(arrived, message);
    if (head.kind === kinds.answer) return this.#answered(arrived, message);
    if (known === undefined) return this.#challenge(arrived, message);
    this.#passage.pass(message, from);
    giveBack(datagram);
    return null;
  }

  /** X7: a genuine datagram of a stranger. */
  #challenge({ datagram, head, name, from, now }: Arrived, message: Buffer): string {
    const nonce = this.#strangers.keep(name, { counter: head.counter, message }, now);
    if (nonce !== null) {
      const challenge = Buffer.concat([transmitterOf(datagram), nonce]);
      this.#passage.reply(this.#transmission.seal(kinds.challenge, challenge), from);
    }
    return 'stranger-challenged';
  }

  /** X8: somebody wants to know whether this transmitter is there. */
  #challenged({ datagram, from, now }: Arrived, challenge: Buffer): string | null {
    const { transmitter } = this.#transmission;
    if (challenge.length !== namedBytes || !isFor(challenge, transmitter)) return 'misplaced';
    if (!this.#answers.take(now)) return 'too-many-challenges';
    const answer = Buffer.alloc(namedBytes + 8);
    answer.set(transmitterOf(datagram));
    answer.set(challenge.subarray(transmitterBytes), transmitterBytes);
    writeCounter(answer, this.#transmission.recent(), namedBytes);
    this.#passage.reply(this.#transmission.seal(kinds.answer, answer), from);
    return null;
  }

  /** X8: a stranger is there; what it sent a moment ago is let in. */
  #answered({ datagram, head, name, from, now }: Arrived, answer: Buffer): string | null {
    const { transmitter } = this.#transmission;
    if (answer.length !== namedBytes + 8 || !isFor(answer, transmitter)) return 'misplaced';
    const nonce = answer.subarray(transmitterBytes, namedBytes);
    const held = this.#strangers.answered(name, nonce, now);
    if (held === null) return 'unasked';
    const floor = readCounter(answer, namedBytes);
    const known = new Transmitter(Buffer.from(transmitterOf(datagram)), floor, now);
    known.window.take(head.counter);
    this.#transmitters.add(name, known);
    for (const { counter, message } of held) {
      if (!known.window.mayTake(counter)) {
        this.#tally.count('replayed');
        continue;
      }
      known.window.take(counter);
      this.#passage.pass(message, from);
    }
    return null;
  }

  #incarnation(): Transmission {
    return new Transmission(randomBytes(transmitterBytes), this.#ring, this.#clock);
  }
}

function isFor(control: Buffer, transmitter: Uint8Array): boolean {
  return control.subarray(0, transmitterBytes).equals(transmitter);
}
