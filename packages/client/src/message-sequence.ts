/**
 * Messages for `for await`, behind a bounded buffer. A reader that falls further behind than the buffer
 * holds is told so, by an error with the code BEHIND after what the buffer held: nothing is dropped
 * silently.
 */
import { ChoirError } from './choir-error.ts';
import type { Message } from './message.ts';

type Pull = (result: IteratorResult<Message, undefined>) => void;

const over: IteratorResult<Message, undefined> = { done: true, value: undefined };

/** Messages for `for await`. `Feed.messages` gives it. */
export class MessageSequence implements AsyncIterableIterator<Message, undefined> {
  readonly #bufferedMax: number;
  readonly #stopped: () => void;
  #buffered: Message[] = [];
  #pulls: Pull[] = [];
  #ended = false;
  #error: Error | null = null;

  /** @internal `stopped` is called once, when nothing more will be taken. */
  constructor(bufferedMax: number, stopped: () => void) {
    this.#bufferedMax = bufferedMax;
    this.#stopped = stopped;
  }

  /** @internal */
  push(message: Message): void {
    if (this.#ended) return;
    const pull = this.#pulls.shift();
    if (pull !== undefined) pull({ done: false, value: message });
    else if (this.#buffered.length < this.#bufferedMax) this.#buffered.push(message);
    else {
      const text = `The reader is more than ${this.#bufferedMax} messages behind.`;
      this.#error = new ChoirError('BEHIND', text);
      this.end();
    }
  }

  /** @internal No more messages come; those that are buffered are still given. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const pull of this.#pulls.splice(0)) pull(over);
    this.#stopped();
  }

  /** The next message, as soon as there is one; `for await` calls it. */
  next(): Promise<IteratorResult<Message, undefined>> {
    const value = this.#buffered.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#error !== null) {
      const error = this.#error;
      this.#error = null;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve(over);
    return new Promise((pull) => this.#pulls.push(pull));
  }

  /** The reader stops: what is buffered is let go. */
  return(): Promise<IteratorResult<Message, undefined>> {
    this.#buffered = [];
    this.#error = null;
    this.end();
    return Promise.resolve(over);
  }

  /** Itself: a sequence is read once. */
  [Symbol.asyncIterator](): this {
    return this;
  }
}
