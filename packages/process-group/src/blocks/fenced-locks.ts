/**
 * Locks that one member holds at a time (B2). Each grant has a fence, a number that grows: whatever the lock protects refuses a smaller one
 * than it has seen, since a holder that was cut off does not know yet that another one has the lock.
 */
import { abortable } from '../abortable.ts';
import { checkSignal, checkText } from '../arguments.ts';
import {
  claimsMax,
  decodeLockOperation,
  encodeLockOperation,
  type Grant,
  type GroupView,
  LockState,
  lockBytesMax,
  type Member,
} from '../core/index.ts';
import { GroupError } from '../group-error.ts';
import { type Block, Pending, type Place, placelessError } from './block.ts';

/** A lock that this member holds. */
export type Lock = {
  readonly name: string;
  /** Larger than that of every grant before, of whatever lock: what the lock protects refuses a smaller one than it has seen. */
  readonly fence: number;
  /** Aborted when this member does not hold it any more, though it has not released it. */
  readonly lost: AbortSignal;
  /**
   * Gives it back; resolves when the others know. A lock that is lost is nobody's to give back: then it resolves at once. A second call says nothing more,
   * and ends as the first one does.
   *
   * @param signal gives up waiting: it is given back all the same, as soon as there is a quorum
   * @throws GroupError `group-excluded`, `group-over` when that came before the others knew: then nobody holds it either; the signal's reason
   */
  readonly release: (signal?: AbortSignal) => Promise<void>;
};

/**
 * Locks that one member holds at a time (B2).
 *
 * @example
 * const lock = await locks.acquire('printer', AbortSignal.timeout(5_000));
 * try {
 *   await print(document, lock.fence);
 * } finally {
 *   await lock.release();
 * }
 */
export class FencedLocks implements Block {
  readonly #state = new LockState();
  readonly safe = this.#state.safe;
  readonly #asked = new Pending<void>();
  readonly #released = new Pending<void>();
  /** By the numbers under which this member asked. */
  readonly #waiting = new Map<number, PromiseWithResolvers<Lock>>();
  readonly #holding = new Map<number, AbortController>();
  /** Of the present view. */
  #members: readonly Member[] = [];
  /** The group that they were in is over. */
  #isOver = false;

  /** The member that holds it, as far as this one knows. */
  holder(lock: string): Member | undefined {
    const owner = this.#state.holder(lock)?.claim.owner;
    return this.#members.find(({ id }) => id === owner);
  }

  /**
   * Waits until this member holds the lock; those who ask are served in their order. Each call is a claim of its own, so that parts of one program exclude each
   * other, too: what asks again for a lock that it has not released waits for itself, without end if there is no signal.
   *
   * @param name 1 … 1,024 bytes of UTF-8
   * @param signal gives up waiting
   * @throws GroupError `group-option` also when there are 2^20 who hold a lock or wait for one; `group-excluded`, `group-over`, `group-unread`: then it has none
   */
  async acquire(name: string, signal?: AbortSignal): Promise<Lock> {
    checkText('The name of a lock', name, lockBytesMax);
    if (signal !== undefined) checkSignal(signal);
    signal?.throwIfAborted();
    const { place } = this.#asked;
    const number = this.#asked.nextNumber();
    const waiting = Promise.withResolvers<Lock>();
    this.#waiting.set(number, waiting);
    const operation = encodeLockOperation({ kind: 'acquire', number, lock: name });
    this.#asked.perform(number, operation, signal).catch(waiting.reject);
    try {
      return await place.awaiting(abortable(waiting.promise, signal));
    } catch (error) {
      // Granted or not: whoever asked does not know that it has the lock.
      if (this.#waiting.delete(number) || this.#holding.delete(number)) {
        place.tell(releaseOf(number, name));
      }
      throw error;
    }
  }

  /** @internal */
  attach(place: Place | null, over: GroupError | null): void {
    if (this.#isOver && place !== null) this.#state.clear();
    this.#isOver = place === null;
    this.#asked.attach(place, over);
    this.#released.attach(place, over);
    const error = over === null ? excludedError() : placelessError(over);
    const [waiting, lost] = [[...this.#waiting.values()], [...this.#holding.values()]];
    this.#waiting.clear();
    this.#holding.clear();
    for (const { reject } of waiting) reject(error);
    for (const controller of lost) controller.abort(error);
  }

  /** @internal */
  apply({ id }: Member, bytes: Uint8Array): void {
    const operation = decodeLockOperation(bytes);
    if (operation === null) return;
    const granted = this.#state.apply(id, operation);
    if (granted !== 'full') this.#granted(granted);
    if (!this.#asked.isOwn(id)) return;
    if (granted === 'full') this.#waiting.get(operation.number)?.reject(fullError());
    const pending = operation.kind === 'acquire' ? this.#asked : this.#released;
    pending.settle(operation.number, undefined);
  }

  /** @internal */
  view({ members, left, excluded }: GroupView): void {
    this.#members = members;
    const gone = new Set([...left, ...excluded].map(({ id }) => id));
    if (gone.size > 0) this.#granted(this.#state.gone(gone));
  }

  /** @internal */
  snapshot(): Iterable<Uint8Array> {
    return this.#state.snapshot();
  }

  /** @internal */
  restore(pieces: readonly Uint8Array[]): void {
    this.#state.restore(pieces);
  }

  #granted(grants: readonly Grant[]): void {
    for (const { lock: name, claim, fence } of grants) {
      if (!this.#asked.isOwn(claim.owner)) continue;
      const { number } = claim;
      const waiting = this.#waiting.get(number);
      if (waiting === undefined) {
        // Nobody here waits for it any more: it was given up, or asked for before an exclusion and said after it.
        this.#asked.place.tell(releaseOf(number, name));
        continue;
      }
      this.#waiting.delete(number);
      const controller = new AbortController();
      this.#holding.set(number, controller);
      let released: Promise<void> | undefined;
      const release = async (signal?: AbortSignal): Promise<void> => {
        if (signal !== undefined) checkSignal(signal);
        released ??= this.#release(number, name);
        await abortable(released, signal);
      };
      waiting.resolve({ name, fence, lost: controller.signal, release });
    }
  }

  async #release(number: number, lock: string): Promise<void> {
    if (!this.#holding.delete(number)) return;
    await this.#released.tell(number, releaseOf(number, lock));
  }
}

function excludedError(): GroupError {
  const text = 'The others removed this process from the group, so it holds no lock.';
  return new GroupError('group-excluded', text);
}

function fullError(): GroupError {
  const text = `The group has ${claimsMax} locks held or asked for, and takes no more: release some.`;
  return new GroupError('group-option', text);
}

function releaseOf(number: number, lock: string): Uint8Array {
  return encodeLockOperation({ kind: 'release', number, lock });
}
