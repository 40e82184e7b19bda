/**
 * Submissions that were taken and are not committed yet: those waiting for the next commit, and the
 * size of all, which is bounded.
 *
 * Invariant: submissions are taken in the order of their numbers, without a hole (O4).
 */
import { submissionBytesMax } from '../entry.ts';
import { entryOverheadBytes } from './recent-window.ts';

export const unsettledEntriesMax = 16_384;
export const unsettledBytesMax = 32 * 1024 * 1024;

export type Submission = { readonly n: number; readonly bytes: Uint8Array };

export class Unsettled {
  #waiting: Submission[] = [];
  #lastTaken = 0;
  #entries = 0;
  #bytes = 0;

  /** A wrong number or too long a submission is a mistake of the caller. */
  check({ n, bytes }: Submission): void {
    if (n !== this.#lastTaken + 1) throw new RangeError(`submission ${n} after ${this.#lastTaken}`);
    if (bytes.length > submissionBytesMax) {
      throw new RangeError(`a submission of ${bytes.length} bytes`);
    }
  }

  /** Takes it, or returns false: nothing was taken, come again. */
  take(submission: Submission): boolean {
    const cost = submission.bytes.length + entryOverheadBytes;
    if (this.#entries >= unsettledEntriesMax) return false;
    if (this.#entries > 0 && this.#bytes + cost > unsettledBytesMax) return false;
    this.#waiting.push(submission);
    this.#lastTaken = submission.n;
    this.#entries += 1;
    this.#bytes += cost;
    return true;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Everything that waits; it waits no longer, and counts until it is settled. */
  takeWaiting(): readonly Submission[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** One submission with a payload of so many bytes has been committed. */
  settle(bytes: number): void {
    this.#entries -= 1;
    this.#bytes -= bytes + entryOverheadBytes;
  }
}
