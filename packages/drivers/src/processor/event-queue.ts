/**
 * The events of a group for `for await`: what was not asked for does not count as taken, so a slow reader makes the senders
 * wait (`backlogBytes`). One reader at a time.
 */
import { Fifo } from '@choir/ftmp';
import { DriverError } from '../driver-error.ts';
import type { GroupEvent, MessageEvent } from './group-event.ts';

type Result = IteratorResult<GroupEvent, undefined>;

const done: Result = { done: true, value: undefined };

export class EventQueue implements AsyncIterableIterator<GroupEvent, undefined> {
  readonly #taken: (message: MessageEvent) => void;
  readonly #events = new Fifo<GroupEvent>();
  #isOver = false;
  #waiter: ((result: Result) => void) | null = null;

  /** @param taken is told of each message when it is asked for */
  constructor(taken: (message: MessageEvent) => void) {
    this.#taken = taken;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  push(event: GroupEvent): void {
    if (this.#isOver) {
      this.#take(event);
      return;
    }
    const waiter = this.#waiter;
    if (waiter === null) {
      this.#events.push(event);
      return;
    }
    this.#waiter = null;
    waiter(this.#result(event));
  }

  next(): Promise<Result> {
    const event = this.#events.shift();
    if (event !== undefined) return Promise.resolve(this.#result(event));
    if (this.#isOver) return Promise.resolve(done);
    if (this.#waiter !== null) {
      const text = 'The events of a group are read once at a time: read them in one loop.';
      return Promise.reject(new DriverError('drivers-option', text));
    }
    return new Promise((resolve) => {
      this.#waiter = resolve;
    });
  }

  /** The reader stops: what comes is taken unread. */
  return(): Promise<Result> {
    this.#isOver = true;
    for (const event of this.#events.all()) this.#take(event);
    this.#events.clear();
    this.#waiter?.(done);
    this.#waiter = null;
    return Promise.resolve(done);
  }

  #result(event: GroupEvent): Result {
    this.#take(event);
    if (event.kind === 'closed') this.#isOver = true;
    return { done: false, value: event };
  }

  #take(event: GroupEvent): void {
    if (event.kind === 'message') this.#taken(event);
  }
}
