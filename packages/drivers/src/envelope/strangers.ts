/**
 * Transmitters whose datagrams are genuine, and may be recordings: until they have answered a challenge, a few of their datagrams
 * are kept (X7).
 */
import { randomBytes } from 'node:crypto';
import { nonceBytes } from './layout.ts';

type Held = { readonly counter: number; readonly message: Buffer };

export type Stranger = {
  readonly nonce: Buffer;
  readonly since: number;
  challengedAt: number;
  readonly held: Held[];
  heldBytes: number;
};

/** Beyond them the one that came first is forgotten. */
export const strangersMax = 64;
const patienceMs = 1_000;
const challengeMs = 100;
const heldMax = 8;
const heldBytesMax = 128 * 1024;

export class Strangers {
  readonly #strangers = new Map<string, Stranger>();

  /** Keeps what a stranger has sent; the nonce of a challenge for it, or null when it was challenged just now. */
  keep(name: string, held: Held, now: number): Buffer | null {
    const stranger = this.#stranger(name, now);
    const heldBytes = stranger.heldBytes + held.message.length;
    if (stranger.held.length < heldMax && heldBytes <= heldBytesMax) {
      stranger.held.push(held);
      stranger.heldBytes = heldBytes;
    }
    if (now - stranger.challengedAt < challengeMs) return null;
    stranger.challengedAt = now;
    return stranger.nonce;
  }

  /** Who has answered with this nonce is no stranger any more; null when it was not asked that. */
  answered(name: string, nonce: Buffer, now: number): readonly Held[] | null {
    const stranger = this.#strangers.get(name);
    if (stranger === undefined || now - stranger.since > patienceMs) return null;
    if (!stranger.nonce.equals(nonce)) return null;
    this.#strangers.delete(name);
    return stranger.held;
  }

  #stranger(name: string, now: number): Stranger {
    const known = this.#strangers.get(name);
    if (known !== undefined && now - known.since <= patienceMs) return known;
    this.#strangers.delete(name);
    if (this.#strangers.size >= strangersMax) this.#forgetFirst();
    const stranger: Stranger = {
      nonce: randomBytes(nonceBytes),
      since: now,
      challengedAt: Number.NEGATIVE_INFINITY,
      held: [],
      heldBytes: 0,
    };
    this.#strangers.set(name, stranger);
    return stranger;
  }

  #forgetFirst(): void {
    for (const name of this.#strangers.keys()) {
      this.#strangers.delete(name);
      return;
    }
  }
}
