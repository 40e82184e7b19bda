/** Lock requests that wait for an answer, and the locks that came of them. */
import {
  type GroupName,
  type Holder,
  type LocalId,
  type LockSetId,
  limits,
  localId,
} from '@choir/protocol';
import { ChoirError, clientError } from './choir-error.ts';
import type { Core } from './core.ts';
import { timeoutMsMax } from './driver.ts';
import { callBack } from './listeners.ts';
import { Lock } from './lock-handle.ts';
import { objectNamed } from './names.ts';
import { quiet, type Told } from './settlements.ts';

/** How to ask for a lock. */
export type LockOptions = {
  /** Queues until it can be granted (default); else LOCK_DENIED when anything stands in the way. */
  readonly wait?: boolean;
  /** How long the lock outlives a lost connection, milliseconds; default 30,000, at most 3,600,000. */
  readonly graceMs?: number;
  /** Gives up the request: ABORTED. */
  readonly signal?: AbortSignal;
  /** Gives up the request after so many milliseconds: TIMEOUT. Offline time counts. From 2^31 on: never. */
  readonly timeoutMs?: number;
  /**
   * Called when the request has to wait, with who stands in the way. What it throws becomes an uncaught
   * error, and stops nothing else.
   */
  readonly onWaiting?: (holders: readonly Holder[]) => void;
};

type Waiter = {
  readonly granted: (lock: Lock) => void;
  readonly refused: (error: ChoirError) => void;
  readonly waits: (holders: readonly Holder[]) => void;
};

export class LockDesk {
  readonly #core: Core;
  readonly #waiters = new Map<number, Waiter>();
  readonly #locks = new Map<number, Lock>();
  /** Requests given up, whose grant the session gives back. */
  readonly #abandoned = new Set<number>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** The locks that this client holds in a group. */
  locksIn(group: string): readonly Lock[] {
    return [...this.#locks.values()].filter((lock) => lock.group === group);
  }

  request(group: GroupName, ids: readonly string[], options: LockOptions): Promise<Lock> {
    const {
      signal,
      timeoutMs = Number.POSITIVE_INFINITY,
      onWaiting,
      wait = true,
      graceMs = 0,
    } = options;
    const promise = new Promise<Lock>((resolve, reject) => {
      if (signal?.aborted === true) throw clientError('ABORTED');
      if (graceMs > limits.graceMsMax) {
        throw new ChoirError('MALFORMED', `graceMs is at most ${limits.graceMsMax}.`);
      }
      const objects = ids.map(objectNamed);
      const command = { kind: 'lock', group, objects, wait, graceMs } as const;
      this.#core.command(command, (id) => {
        const request = localId(id);
        const giveUp = (code: 'ABORTED' | 'TIMEOUT'): void => {
          this.#abandon(group, request);
          settle();
          reject(clientError(code));
        };
        const onAbort = (): void => giveUp('ABORTED');
        const timer =
          timeoutMs > timeoutMsMax ? undefined : setTimeout(() => giveUp('TIMEOUT'), timeoutMs);
        signal?.addEventListener('abort', onAbort);
        const settle = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          this.#waiters.delete(request);
        };
        this.#waiters.set(request, {
          granted: (lock) => {
            settle();
            resolve(lock);
          },
          refused: (error) => {
            settle();
            reject(error);
          },
          waits: (holders) => callBack(() => onWaiting?.(holders)),
        });
      });
    });
    return quiet(promise);
  }

  /** Returns whether the refusal was that of a lock request. */
  refused(id: number, error: ChoirError): boolean {
    const waiter = this.#waiters.get(id);
    waiter?.refused(error);
    return waiter !== undefined;
  }

  /** Returns a lock that nobody in this process asked for. */
  tell(told: Told<'lock'>): Lock | null {
    const { request, state, lockSet } = told;
    const lock = this.#locks.get(request);
    if (state === 'released' || state === 'lost') this.#over(told);
    else if (state === 'waiting') this.#waiters.get(request)?.waits(told.holders);
    else if (lock === undefined && lockSet !== null) return this.#granted(told, lockSet);
    lock?.tell(told);
    return null;
  }

  rejectAll(error: ChoirError): void {
    for (const waiter of [...this.#waiters.values()]) waiter.refused(error);
  }

  #granted({ request, group, objects }: Told<'lock'>, lockSet: LockSetId): Lock | null {
    if (this.#abandoned.has(request)) return null;
    const lock = new Lock(this.#core, { group, lockSet, objects });
    this.#locks.set(request, lock);
    const waiter = this.#waiters.get(request);
    waiter?.granted(lock);
    return waiter === undefined ? lock : null;
  }

  #over({ request, cause }: Told<'lock'>): void {
    this.#locks.delete(request);
    this.#abandoned.delete(request);
    const error =
      cause === 'wait_ended'
        ? new ChoirError('WAIT_ENDED', 'The lock request no longer waits.')
        : clientError('LEFT');
    this.#waiters.get(request)?.refused(error);
  }

  #abandon(group: GroupName, request: LocalId): void {
    this.#abandoned.add(request);
    try {
      this.#core.command({ kind: 'cancel', group, request });
    } catch (error) {
      // The outbox is full, or the client closed: should it be granted, it is given back, or its grace ends it.
      if (!(error instanceof ChoirError)) throw error;
    }
  }
}
