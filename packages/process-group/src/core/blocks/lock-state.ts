/**
 * The state of fenced locks, as a function of what was asked for and of who left (B2).
 *
 * An operation in bytes: its number at its sender, a byte for the kind, the name of the lock as text. A lock is released, and a place in
 * a queue given up, under the number under which it was asked for.
 */
import { Reader, Writer } from '@choir/bytes';
import type { ProcessorId } from '@choir/ftmp';
import { readList, readOneOf, readProcessor } from '../fields.ts';

/** Of the name of a lock, in UTF-8. */
export const lockBytesMax = 1_024;
/** Who holds a lock and who waits for one, of all locks: more cannot be taken over by a joiner. */
export const claimsMax = 2 ** 20;

export type LockOperation = {
  readonly kind: 'acquire' | 'release';
  readonly number: number;
  readonly lock: string;
};

export type Claim = { readonly owner: ProcessorId; readonly number: number };

/** A lock was given to whoever was next; each fence is larger than every one before it, of all locks. */
export type Grant = { readonly lock: string; readonly claim: Claim; readonly fence: number };

type Held = { readonly fence: number; readonly claims: readonly Claim[] };

const kinds = ['acquire', 'release'] as const;

export class LockState {
  /**
   * Whether operations are multicast as safe. Who is cut off while it speaks alone is given its own agreed messages for a moment: it would grant
   * itself a lock, under a fence that the others then give to somebody else.
   */
  readonly safe = true;
  /** The first claim holds the lock. */
  readonly #held = new Map<string, Held>();
  #fence = 0;
  readonly #claimsMax: number;
  #claims = 0;

  constructor(max: number = claimsMax) {
    this.#claimsMax = max;
  }

  /** Who holds a lock, and since which fence. */
  holder(lock: string): Grant | null {
    const held = this.#held.get(lock);
    const claim = held?.claims[0];
    return held === undefined || claim === undefined ? null : { lock, claim, fence: held.fence };
  }

  /** What was granted by it; `full` when there are too many claims for another one, which is not taken. */
  apply(owner: ProcessorId, { kind, number, lock }: LockOperation): readonly Grant[] | 'full' {
    const { claims = [], fence = 0 } = this.#held.get(lock) ?? {};
    const isMine = (claim: Claim): boolean => claim.owner === owner && claim.number === number;
    if (kind === 'release') {
      return this.#change(lock, fence, claims, (claim) => !isMine(claim));
    }
    if (claims.some(isMine)) return [];
    if (this.#claims >= this.#claimsMax) return 'full';
    this.#claims += 1;
    const next = [...claims, { owner, number }];
    this.#held.set(lock, { fence, claims: next });
    return claims.length === 0 ? [this.#grant(lock)] : [];
  }

  /** These are not in the view any more: what they held goes to whoever is next. */
  gone(owners: ReadonlySet<ProcessorId>): readonly Grant[] {
    return [...this.#held].flatMap(([lock, { fence, claims }]) =>
      this.#change(lock, fence, claims, ({ owner }) => !owners.has(owner)),
    );
  }

  /** Nobody holds a lock, or waits for one; fences go on. */
  clear(): void {
    this.#held.clear();
    this.#claims = 0;
  }

  snapshot(): Iterable<Uint8Array> {
    const writer = new Writer();
    writer.natural(this.#fence);
    writer.natural(this.#held.size);
    for (const [lock, { fence, claims }] of this.#held) {
      writer.text(lock);
      writer.natural(fence);
      writer.natural(claims.length);
      for (const { owner, number } of claims) {
        writer.natural(owner);
        writer.natural(number);
      }
    }
    return [writer.take()];
  }

  /** @throws Error when this is not a snapshot */
  restore(pieces: readonly Uint8Array[]): void {
    const [piece = new Uint8Array(), ...more] = pieces;
    const reader = new Reader(piece);
    this.#fence = reader.natural();
    this.clear();
    const locks = readList(reader, this.#claimsMax, (from) => ({
      lock: from.text(lockBytesMax),
      fence: from.natural(),
      claims: readList(from, this.#claimsMax, readClaim),
    }));
    if (reader.failed || reader.remaining > 0 || more.length > 0) {
      throw new Error('This is no state of locks.');
    }
    for (const { lock, fence, claims } of locks) this.#held.set(lock, { fence, claims });
    this.#claims = locks.reduce((sum, { claims }) => sum + claims.length, 0);
  }

  #change(
    lock: string,
    fence: number,
    claims: readonly Claim[],
    stays: (claim: Claim) => boolean,
  ): readonly Grant[] {
    const next = claims.filter(stays);
    if (next.length === claims.length) return [];
    this.#claims -= claims.length - next.length;
    if (next.length === 0) {
      this.#held.delete(lock);
      return [];
    }
    this.#held.set(lock, { fence, claims: next });
    return next[0] === claims[0] ? [] : [this.#grant(lock)];
  }

  #grant(lock: string): Grant {
    const { claims = [] } = this.#held.get(lock) ?? {};
    const [claim] = claims;
    if (claim === undefined) throw new Error(`Nobody is there to be granted lock ${lock}.`);
    this.#fence += 1;
    this.#held.set(lock, { fence: this.#fence, claims });
    return { lock, claim, fence: this.#fence };
  }
}

export function encodeLockOperation({ kind, number, lock }: LockOperation): Uint8Array {
  const writer = new Writer();
  writer.natural(number);
  writer.u8(kinds.indexOf(kind));
  writer.text(lock);
  return writer.take();
}

/** Null when the bytes are no operation. */
export function decodeLockOperation(bytes: Uint8Array): LockOperation | null {
  const reader = new Reader(bytes);
  const number = reader.natural();
  const kind = readOneOf(reader, kinds);
  const lock = reader.text(lockBytesMax);
  return reader.failed || reader.remaining > 0 ? null : { kind, number, lock };
}

function readClaim(reader: Reader): Claim {
  return { owner: readProcessor(reader), number: reader.natural() };
}
