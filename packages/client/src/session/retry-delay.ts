/**
 * When to ask a server again that is there but cannot log for the moment (`NOT_WRITABLE`, `WINDOW`): longer each
 * time, as long as nothing is decided. Half of each wait is drawn, so that clients come apart.
 */

/** Milliseconds. */
const first = 250;
const max = 15_000;

export class RetryDelay {
  #window: number = first;

  /** Milliseconds to wait; `random`: 0 up to 1. */
  next(random: () => number): number {
    const delay = Math.ceil(this.#window * (0.5 + random() / 2));
    this.#window = Math.min(2 * this.#window, max);
    return delay;
  }

  reset(): void {
    this.#window = first;
  }
}
