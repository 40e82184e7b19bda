/** The promises of submissions and requests, each kept until it is settled. */
import { ChoirError, clientError } from './choir-error.ts';
import type { SessionEvent, Withdrawn } from './session/index.ts';

/** A submission took effect. */
export type Settled = {
  /** Its place in the order of everything: the paper's global_id. */
  readonly globalId: number;
  /** A global id is unique also without it; it tells what was logged before and after a failure. */
  readonly epoch: number;
  /** The client's own number of the submission. */
  readonly localId: number;
};

type Waiter<T> = {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
};

/** Promises by key. Each that was made is settled in the end, at the latest by `rejectAll`. */
export class Promises<Key, T> {
  readonly #waiters = new Map<Key, Waiter<T>[]>();

  /** A promise that is settled with the others of that key. */
  of(key: Key): Promise<T> {
    return quiet(new Promise((resolve, reject) => this.add(key, { resolve, reject })));
  }

  add(key: Key, waiter: Waiter<T>): void {
    this.#waiters.set(key, [...(this.#waiters.get(key) ?? []), waiter]);
  }

  resolve(key: Key, value: T): void {
    for (const waiter of this.#take(key)) waiter.resolve(value);
  }

  reject(key: Key, error: Error): void {
    for (const waiter of this.#take(key)) waiter.reject(error);
  }

  rejectAll(error: Error): void {
    for (const key of [...this.#waiters.keys()]) this.reject(key, error);
  }

  #take(key: Key): readonly Waiter<T>[] {
    const waiters = this.#waiters.get(key) ?? [];
    this.#waiters.delete(key);
    return waiters;
  }
}

/**
 * A promise that may be let go: who does not wait for the outcome is told by events, and the process
 * must not die of it.
 */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

export function settledOf({ at, localId }: Told<'settled'>): Settled {
  return { globalId: at.seq, epoch: at.epoch, localId };
}

export function refusalOf({ code, message, holders }: Told<'refused'>): ChoirError {
  return new ChoirError(code, message, { holders });
}

export function withdrawalOf({ why }: Told<'withdrawn'>): ChoirError {
  return clientError(why === 'conflict' ? 'WITHDRAWN_CONFLICT' : 'WITHDRAWN_DISCARDED');
}

/** An own message that was withdrawn, and why (paper §7.2). */
export type Withdrawal = Withdrawn & { readonly why: 'conflict' | 'discarded' };

export function withdrawnOf({ localId, group, body, why }: Told<'withdrawn'>): Withdrawal {
  return { localId, group, body, why };
}

export type Told<Kind extends SessionEvent['kind']> = Extract<SessionEvent, { kind: Kind }>;
