/** What goes out to a group, with promises for those who wait for room. */
import { Outflow as CoreOutflow, type Say, type Waiter } from '../core/index.ts';

export type { Say } from '../core/index.ts';

export class Outflow extends CoreOutflow {
  /** Resolves when there was room, and it was said; rejects when the signal or `fail` says so before. */
  async wait(say: Say, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { say, said: resolve, failed: reject };
    const abort = (): void => {
      if (this.withdraw(waiter)) reject(signal?.reason);
    };
    this.queue(waiter);
    signal?.addEventListener('abort', abort);
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}
