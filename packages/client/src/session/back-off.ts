/**
 * When to try again after a connection was lost or an attempt failed: exponential back-off with full
 * jitter (docs/design/client-session.md, "Back-off", has the reasons). Milliseconds throughout.
 */

export const backOff = {
  /** The first attempt comes within this: a server that was only restarted is back by then. */
  firstMs: 250,
  /** No wait is longer, but for what a goodbye asks: a server that is back has everybody within it. */
  maxMs: 8_000,
  /**
   * A session that held for this long after its welcome was a good one: what failed before is forgotten.
   * One that ended sooner counts as a failure, lest a server that dies of its clients be hammered.
   */
  steadyMs: 1_000,
} as const;

export type Ended = {
  /** Since the welcome; 0 when there was none. */
  readonly heldMs: number;
  /** What the server asked to wait, at least. */
  readonly floorMs: number;
};

export class BackOff {
  readonly #random: () => number;
  /** Attempts in a row from which no steady session came. */
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A connection or an attempt has ended: how long to wait before the next. */
  next({ heldMs, floorMs }: Ended): number {
    if (heldMs >= backOff.steadyMs) this.#failures = 0;
    const window = Math.min(backOff.firstMs * 2 ** this.#failures, backOff.maxMs);
    if (window < backOff.maxMs) this.#failures += 1;
    // Full jitter, behind a floor too: the clients of a server must not come back all at once.
    const spread = Math.max(window, Math.min(floorMs, backOff.maxMs));
    return Math.ceil(floorMs + this.#random() * spread);
  }
}
