/** Requests of this process that are not over, and their time-outs. */
import type { Reply } from '../core/index.ts';
import type { GroupError } from '../group-error.ts';

type Open = PromiseWithResolvers<readonly Reply[]> & { readonly timer: NodeJS.Timeout };

export class OpenRequests {
  readonly #open = new Map<number, Open>();
  readonly #giveUp: (number: number) => void;

  /** @param giveUp is told of a request whose time is over */
  constructor(giveUp: (number: number) => void) {
    this.#giveUp = giveUp;
  }

  get count(): number {
    return this.#open.size;
  }

  /** @returns the replies, when the request is over; rejects when the signal or `fail` says so before */
  async wait(
    number: number,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Reply[]> {
    const timer = setTimeout(() => this.#giveUp(number), timeoutMs);
    const open = { timer, ...Promise.withResolvers<readonly Reply[]>() };
    this.#open.set(number, open);
    const abort = (): void => {
      this.#open.delete(number);
      this.#giveUp(number);
      open.reject(signal?.reason);
    };
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort);
    try {
      return await open.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  settle(number: number, replies: readonly Reply[]): void {
    this.#open.get(number)?.resolve(replies);
    this.#open.delete(number);
  }

  /** @returns the numbers of those that were open */
  fail(error: GroupError): readonly number[] {
    const numbers = [...this.#open.keys()];
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
    return numbers;
  }
}
