/**
 * A group as the application's thread knows it: who listens, how much may be handed over, what was taken.
 *
 * H4 Who waits for room is served before whoever comes later, also from the event `writable`, and in the order in which they came.
 */
import { deliveryBytes, type GroupId, type View } from '@choir/ftmp';
import { apart } from '../apart.ts';
import { DriverError } from '../driver-error.ts';
import type { GroupEvent, Listener } from './group-event.ts';
import { room } from './room.ts';
import type { Amount } from './thread-message.ts';

/** Somebody who waits for room for a message of so many bytes, and hands it over then. */
type Waiter = PromiseWithResolvers<void> & {
  readonly bytes: number;
  readonly handOver: () => void;
};

export class Membership {
  readonly group: GroupId;
  readonly #listener: Listener;
  readonly #joined = Promise.withResolvers<View>();
  readonly #left = Promise.withResolvers<void>();
  readonly #room = { messages: room.messages, bytes: room.bytes as number };
  /** In the order in which they came; while there are any, there is no room. */
  readonly #waiters = new Set<Waiter>();
  #wasFull = false;
  #isLeaving = false;
  #isOver = false;
  #taken = { messages: 0, bytes: 0 };

  constructor(group: GroupId, listener: Listener) {
    this.group = group;
    this.#listener = listener;
    // Whoever waits for them is told; it is no error that nobody does.
    this.#joined.promise.catch(() => {});
    this.#left.promise.catch(() => {});
  }

  /** Its first view. */
  get joined(): Promise<View> {
    return this.#joined.promise;
  }

  get left(): Promise<void> {
    return this.#left.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Room for one message, whatever its size; it is used up. */
  use(bytes: number): 'queued' | 'full' | 'closed' {
    if (this.#isLeaving || this.#isOver) return 'closed';
    if (!this.#hasRoom()) {
      this.#wasFull = true;
      return 'full';
    }
    this.#use(bytes);
    return 'queued';
  }

  /** H4: resolves when a message of so many bytes was handed over, by a call; rejects when the group is over. */
  wait(bytes: number, handOver: () => void): Promise<void> {
    const waiter = { bytes, handOver, ...Promise.withResolvers<void>() };
    this.#waiters.add(waiter);
    return waiter.promise;
  }

  /** Nothing more is handed over: what waits for room would come too late. */
  leave(): void {
    this.#isLeaving = true;
    this.#failWaiters(overError(this.group));
  }

  give({ messages, bytes }: Amount): void {
    this.#room.messages += messages;
    this.#room.bytes += bytes;
    for (const waiter of this.#waiters) {
      if (!this.#hasRoom()) return;
      this.#waiters.delete(waiter);
      this.#use(waiter.bytes);
      // At once: what goes on when the promise resolves would come behind the event.
      waiter.handOver();
      waiter.resolve();
    }
    if (!this.#wasFull || !this.#hasRoom()) return;
    this.#wasFull = false;
    this.tell({ kind: 'writable', group: this.group });
  }

  tell(event: GroupEvent): void {
    if (event.kind === 'view') this.#joined.resolve(event.view);
    if (event.kind === 'left') this.#end(null);
    if (event.kind === 'excluded' && event.rejoins === null) {
      this.#end(
        new DriverError(
          'drivers-closed',
          `The others removed this processor from group ${this.group}.`,
        ),
      );
    }
    if (event.kind === 'closed') this.#end(event.error);
    apart(this.#listener, event);
  }

  /** The application has taken a message of so many bytes. */
  took(bytes: number): void {
    this.#taken.messages += 1;
    this.#taken.bytes += bytes;
  }

  /** What was taken since the last call; null while that is less than `least` of the backlog, in bytes. */
  takeTaken(least: number): Amount | null {
    const { messages, bytes } = this.#taken;
    if (messages === 0 || bytes + messages * deliveryBytes < least) return null;
    this.#taken = { messages: 0, bytes: 0 };
    return { group: this.group, messages, bytes };
  }

  #end(error: DriverError | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const over = error ?? overError(this.group);
    this.#joined.reject(over);
    if (error === null) this.#left.resolve();
    else this.#left.reject(error);
    this.#failWaiters(over);
  }

  #failWaiters(error: DriverError): void {
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  #hasRoom(): boolean {
    return this.#room.messages > 0 && this.#room.bytes > 0;
  }

  #use(bytes: number): void {
    this.#room.messages -= 1;
    this.#room.bytes -= bytes;
  }
}

function overError(group: GroupId): DriverError {
  return new DriverError('drivers-closed', `Group ${group} is over for this processor.`);
}
