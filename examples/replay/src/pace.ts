/** Spreads steps evenly over time: so many a second, or as fast as they go. */
export class Pace {
  readonly #msPerStep: number;
  #began: number | undefined;

  constructor(perSecond: number | undefined) {
    this.#msPerStep = perSecond === undefined ? 0 : 1_000 / perSecond;
  }

  /** Resolves when the step with that number is due, counted from when this was first asked. */
  turn(step: number): Promise<void> {
    this.#began ??= performance.now();
    const waitMs = this.#began + step * this.#msPerStep - performance.now();
    if (waitMs > 0) return new Promise((resolve) => setTimeout(resolve, waitMs));
    // Sockets get their turn as well.
    return new Promise((resolve) => setImmediate(resolve));
  }
}
