/**
 * Locks that one member holds at a time (B2). Each grant has a fence, a number that grows: whatever the lock protects refuses a smaller one
 * than it has seen, since a holder that was cut off does not know yet that another one has the lock.
 */
import type { ProcessorId } from '@choir/ftmp';
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
import { checkText } from '../options.ts';
import { type Block, Pending, type Place } from './block.ts';

export type Lock = {
  readonly name: string;
  readonly fence: number;
  /** Aborted when this member does not hold it any more, though it has not released it. */
  readonly lost: AbortSignal;
  /** Gives it back; resolves when the others know. */
  readonly release: () => Promise<void>;
};

type Holding = { readonly controller: AbortController };

export class FencedLocks implements Block {
  readonly #state = new LockState();
  readonly safe = this.#state.safe;
  readonly #asked = new Pending<void>();
  readonly #released = new Pending<void>();
  /** By the numbers under which this member asked. */
  readonly #waiting = new Map<number, PromiseWithResolvers<Lock>>();
  readonly #holding = new Map<number, Holding>();
  /** The group that they were in is over. */
  #isOver = false;

  /** Who holds it, as far as this member knows. */
  holder(lock: string): ProcessorId | undefined {
    return this.#state.holder(lock)?.claim.owner;
  }

  /**
   * Waits until this member holds the lock; those who ask are served in their order.
   *
   * @param signal gives up waiting
   * @throws GroupError `group-option` also when there are 2^20 who hold a lock or wait for one; `group-excluded`, `group-over`, `group-unread`: then it has none
   */
  async acquire(name: string, signal?: AbortSignal): Promise<Lock> {
    checkText('The name of a lock', name, lockBytesMax);
    signal?.throwIfAborted();
    const { place } = this.#asked;
    const number = this.#asked.nextNumber();
    const waiting = Promise.withResolvers<Lock>();
    this.#waiting.set(number, waiting);
    const abort = (): void => waiting.reject(signal?.reason);
    signal?.addEventListener('abort', abort);
    const operation = encodeLockOperation({ kind: 'acquire', number, lock: name });
    this.#asked.perform(number, operation, signal).catch(waiting.reject);
    try {
      return await place.awaiting(waiting.promise);
    } catch (error) {
      // Granted or not: whoever asked does not know that it has the lock.
      if (this.#waiting.delete(number) || this.#holding.delete(number)) {
        place.tell(releaseOf(number, name));
      }
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** @internal */
  attach(place: Place | null): void {
    if (this.#isOver && place !== null) this.#state.clear();
    this.#isOver = place === null;
    this.#asked.attach(place);
    this.#released.attach(place);
    const error = new GroupError('group-excluded', 'This process is out of the group.');
    for (const { reject } of this.#waiting.values()) reject(error);
    for (const { controller } of this.#holding.values()) controller.abort(error);
    this.#waiting.clear();
    this.#holding.clear();
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
  view({ left, excluded }: GroupView): void {
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
      this.#holding.set(number, { controller });
      const release = (): Promise<void> => this.#release(number, name);
      waiting.resolve({ name, fence, lost: controller.signal, release });
    }
  }

  async #release(number: number, lock: string): Promise<void> {
    this.#holding.delete(number);
    await this.#released.tell(number, releaseOf(number, lock));
  }
}

function fullError(): GroupError {
  const text = `The group has ${claimsMax} locks held or asked for, and takes no more: release some.`;
  return new GroupError('group-option', text);
}

function releaseOf(number: number, lock: string): Uint8Array {
  return encodeLockOperation({ kind: 'release', number, lock });
}
