/**
 * When to ask for what is missing of a source: negative acknowledgement with a random delay, doubled each time that it
 * did not help, and put off when somebody else asks for the same.
 */

export type AskingOptions = {
  /** From the first sight of a gap to the first request: 0 … this, in milliseconds. */
  readonly delayMs: number;
  /** Between requests that do not help: doubled from `delayMs` up to this, in milliseconds. */
  readonly delayMaxMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

export class Asking {
  readonly #options: AskingOptions;
  #due = Number.POSITIVE_INFINITY;
  #delay: number;
  /** What was contiguous when the delay was last set. */
  #at = -1;

  constructor(options: AskingOptions) {
    this.#options = options;
    this.#delay = options.delayMs;
  }

  /** When the next request is due; infinity when nothing is missing. */
  get due(): number {
    return this.#due;
  }

  /** Called when there may be a gap, or no longer. */
  observe(hasGap: boolean, contiguous: number, now: number): void {
    const { random, delayMs } = this.#options;
    if (!hasGap) {
      this.#due = Number.POSITIVE_INFINITY;
      this.#delay = delayMs;
      return;
    }
    if (contiguous === this.#at && this.#due !== Number.POSITIVE_INFINITY) return;
    if (contiguous !== this.#at) this.#delay = delayMs;
    this.#at = contiguous;
    this.#due = Math.min(this.#due, now + random() * this.#delay);
  }

  /** A request was made, here or by another processor: the answer gets its time. */
  asked(now: number): void {
    const { random, delayMaxMs } = this.#options;
    this.#delay = Math.min(2 * this.#delay, delayMaxMs);
    this.#due = now + this.#delay * (0.5 + random());
  }
}
