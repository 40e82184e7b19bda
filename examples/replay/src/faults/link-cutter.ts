import { randomInt } from 'node:crypto';
import type { Link } from './link.ts';

/** Cuts one of its links, taken at random, at random intervals. */
export class LinkCutter {
  readonly #links: Link[] = [];
  readonly #meanMs: number;
  #timer: NodeJS.Timeout | undefined;
  #cuts = 0;

  constructor(meanMs: number) {
    this.#meanMs = meanMs;
    this.#arm();
  }

  add(link: Link): void {
    this.#links.push(link);
  }

  get cuts(): number {
    return this.#cuts;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    this.#timer = setTimeout(
      () => {
        const link = this.#links[randomInt(Math.max(1, this.#links.length))];
        if (link?.cut() === true) this.#cuts += 1;
        this.#arm();
      },
      randomInt(1, 2 * this.#meanMs),
    );
  }
}
