/** The Lamport clock (paper 6). */

export class LamportClock {
  #latest: number;

  constructor(start = 0) {
    this.#latest = start;
  }

  /** The highest timestamp sent or received; the next one sent is above it. */
  get latest(): number {
    return this.#latest;
  }

  /** A timestamp for something to be sent (T1). */
  next(): number {
    this.#latest += 1;
    return this.#latest;
  }

  observe(timestamp: number): void {
    if (timestamp > this.#latest) this.#latest = timestamp;
  }
}
