/** The events of a group for `for await`, one reader at a time. How many wait to be read is up to who pushes them (`hearing.ts`). */
import { Fifo } from '@choir/ftmp';
import { GroupError } from '../group-error.ts';
import type { GroupEvent } from './event.ts';

type Result = IteratorResult<GroupEvent, undefined>;

const done: Result = { done: true, value: undefined };
const eventBytes = 256;

export class EventStream implements AsyncIterableIterator<GroupEvent, undefined> {
  readonly #events = new Fifo<GroupEvent>();
  #bytes = 0;
  #end: { readonly error: GroupError | null } | null = null;
  #wasRead = false;
  /** Nobody reads any more. */
  #isGivenUp = false;
  #reader: PromiseWithResolvers<Result> | null = null;
  #room: PromiseWithResolvers<void> | null = null;
  /** What `room` waits for. */
  #roomBytes = 0;

  [Symbol.asyncIterator](): this {
    return this;
  }

  push(event: GroupEvent): void {
    if (this.#end !== null) return;
    const reader = this.#reader;
    if (reader !== null) {
      this.#reader = null;
      reader.resolve({ done: false, value: event });
      return;
    }
    this.#events.push(kept(event));
    this.#bytes += sizeOf(event);
  }

  /** What waits to be read. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when no more than this waits to be read, or it is the end, or `wake` says so: null when it need not be waited for. */
  room(bytesMax: number): Promise<void> | null {
    if (this.#bytes <= bytesMax || this.#end !== null) return null;
    this.#roomBytes = bytesMax;
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  /** Whether somebody reads them, and so is told of the end. */
  get isRead(): boolean {
    return this.#wasRead && !this.#isGivenUp;
  }

  /** Lets whoever waits in `room` look again. */
  wake(): void {
    this.#room?.resolve();
    this.#room = null;
  }

  /** What was pushed is still read; then the iteration ends, or throws. */
  end(error: GroupError | null): void {
    if (this.#end !== null) return;
    this.#end = { error };
    this.wake();
    const reader = this.#reader;
    this.#reader = null;
    if (error === null) reader?.resolve(done);
    else reader?.reject(error);
  }

  next(): Promise<Result> {
    this.#wasRead = true;
    const event = this.#events.shift();
    if (event !== undefined) {
      this.#bytes -= sizeOf(event);
      if (this.#bytes <= this.#roomBytes) this.wake();
      return Promise.resolve({ done: false, value: event });
    }
    if (this.#isGivenUp) return Promise.reject(givenUpError());
    if (this.#end?.error) return Promise.reject(this.#end.error);
    if (this.#end !== null) return Promise.resolve(done);
    if (this.#reader !== null) {
      const text = 'The events of a group are read once at a time.';
      return Promise.reject(new GroupError('group-option', text));
    }
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  /** The reader stops: what comes is dropped, and whoever reads on is told so. */
  return(): Promise<Result> {
    this.end(null);
    this.#isGivenUp = true;
    this.#events.clear();
    this.#bytes = 0;
    return Promise.resolve(done);
  }
}

function givenUpError(): GroupError {
  const text =
    'The events of this group were given up: a loop over them was left, or it was joined without them. Read them in one loop.';
  return new GroupError('group-option', text);
}

/**
 * Its bytes are a view of what a turn delivered. Where they are less than half of that they are copied out of it, so that what is kept alive is not more
 * than twice what is counted.
 */
function kept(event: GroupEvent): GroupEvent {
  if (event.kind !== 'message') return event;
  const { bytes } = event;
  return bytes.length * 2 < bytes.buffer.byteLength ? { ...event, bytes: bytes.slice() } : event;
}

function sizeOf(event: GroupEvent): number {
  return eventBytes + (event.kind === 'message' ? event.bytes.length : 0);
}
