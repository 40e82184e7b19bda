/**
 * How fast messages of one connection are taken: at a steady rate, with a reserve for what comes at once.
 * Who is faster is read more slowly, and loses nothing.
 */
export class Pace {
  readonly #perMs: number;
  readonly #burst: number;
  #reserve: number;
  #at: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.#perMs = perSecond / 1_000;
    this.#burst = burst;
    this.#reserve = burst;
    this.#at = now;
  }

  /** Whether one more may be taken now. */
  allows(now: number): boolean {
    if (this.#reserve >= 1) return true;
    this.#refill(now);
    return this.#reserve >= 1;
  }

  /** One more was taken. */
  spend(): void {
    this.#reserve -= 1;
  }

  /** When it is worth looking again: not for every single message. */
  nextAt(now: number): number {
    this.#refill(now);
    const wanted = Math.min(Math.max(1, this.#perMs * restMs), this.#burst);
    return now + Math.max(0, (wanted - this.#reserve) / this.#perMs);
  }

  #refill(now: number): void {
    this.#reserve = Math.min(this.#burst, this.#reserve + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}

/** How long a connection rests that came too fast. */
const restMs = 10;
