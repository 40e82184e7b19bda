/**
 * A chain: the pending submissions of this client to one group name (E2), in the order of their local
 * ids. `previous` of each is the one before it in the chain, or the mark: what the server settled last.
 *
 * The first `sent` of them were sent on this connection; none behind a gap, so that the server can
 * take them in order.
 */
import { type GroupName, type LocalId, limits, type Submission } from '@choir/protocol';
import type { Pending } from './pending.ts';
import { RetryDelay } from './retry-delay.ts';

export class Chain {
  readonly group: GroupName;
  #mark = 0;
  /** The server has named the mark on this connection. */
  #markNamed = false;
  #pending: Pending[] = [];
  #sent = 0;
  /** When all is sent again; until then nothing is sent, if `#held`. */
  #retryAt: number | null = null;
  #held = false;
  readonly #retryDelay = new RetryDelay();

  constructor(group: GroupName) {
    this.group = group;
  }

  get mark(): number {
    return this.#mark;
  }

  get pending(): readonly Pending[] {
    return this.#pending;
  }

  get retryAt(): number | null {
    return this.#retryAt;
  }

  add(pending: Pending): void {
    const index = this.#pending.findLastIndex(({ localId }) => localId < pending.localId) + 1;
    this.#pending.splice(index, 0, pending);
    if (index < this.#sent) this.#sendAgainFrom(index);
  }

  /** The next submission to be sent, if the window and `mayGo` let it; it counts as sent then. */
  next(mayGo: (pending: Pending) => boolean): Submission | null {
    if (this.#held || this.#sent >= limits.sendWindow) return null;
    const pending = this.#pending[this.#sent];
    if (pending === undefined || !mayGo(pending)) return null;
    const previous = this.#previousOf(this.#sent);
    pending.sentPrevious = previous;
    pending.copies += 1;
    this.#sent += 1;
    return { group: this.group, localId: pending.localId, previous, body: pending.body };
  }

  /**
   * Takes a submission out. `logged`: it was decided at a position, which moved the mark to it. The
   * mark may be there already, since settlements do not come in order.
   */
  remove(pending: Pending, logged: boolean): void {
    const index = this.#pending.indexOf(pending);
    if (index === -1) return;
    this.#pending.splice(index, 1);
    if (index < this.#sent) this.#sent -= 1;
    if (!logged) return;
    this.#mark = Math.max(this.#mark, pending.localId);
    this.#retryDelay.reset();
    // While anything else that was sent is open, `resend` may still have meant it.
    if (!this.#held && this.#sent === 0) this.#retryAt = null;
  }

  /** What the server settled last, as of the block that begins. */
  learnMark(mark: number): void {
    this.#mark = mark;
    this.#markNamed = true;
  }

  /**
   * Whether another copy may have taken effect, so that a refusal without a position, which is about one
   * copy, does not say what becomes of the submission.
   */
  isInDoubt({ localId, copies, sentBefore }: Pending): boolean {
    return localId <= this.#mark || copies > 1 || (sentBefore && !this.#markNamed);
  }

  /**
   * The server misses what follows `mark`. What was already sent again after that is on its way: each
   * submission behind a gap is answered by a `resend` of its own, and only the first means anything.
   * Should it mean something after all, everything is sent again after `patienceMs`.
   */
  resend(mark: number, now: number, patienceMs: number): void {
    this.learnMark(mark);
    const index = this.#pending.findIndex((pending, i) => this.#isAstray(pending, i));
    if (index !== -1) this.#sendAgainFrom(index);
    else if (this.#sent > 0) this.#retryAt ??= now + patienceMs;
  }

  /**
   * The server cannot take submissions now. Returns after how many milliseconds all is sent again;
   * null when that was planned before.
   */
  hold(now: number, random: () => number): number | null {
    if (this.#held) return null;
    const delayMs = this.#retryDelay.next(random);
    this.#held = true;
    this.#retryAt = now + delayMs;
    return delayMs;
  }

  retry(): void {
    this.#sendAgainFrom(0);
    this.#held = false;
    this.#retryAt = null;
  }

  disconnected(): void {
    for (const pending of this.#pending) {
      pending.sentBefore ||= pending.copies > 0;
      pending.copies = 0;
    }
    this.#markNamed = false;
    this.retry();
    this.#retryDelay.reset();
  }

  #isAstray(pending: Pending, index: number): boolean {
    if (index >= this.#sent || pending.localId <= this.#mark) return false;
    return pending.sentPrevious !== this.#previousOf(index);
  }

  /** A submission at or below the mark is answered from memory, whatever its `previous`. */
  #previousOf(index: number): number {
    const own = this.#pending[index]?.localId ?? 0;
    const before: LocalId | 0 = this.#pending[index - 1]?.localId ?? 0;
    return own > this.#mark ? Math.max(before, this.#mark) : before;
  }

  #sendAgainFrom(index: number): void {
    for (let i = index; i < this.#sent; i++) {
      const pending = this.#pending[i];
      if (pending !== undefined) pending.sentPrevious = null;
    }
    this.#sent = Math.min(this.#sent, index);
  }
}
