/** Whether the application's thread progresses, seen from that of the processor (H3). */
import { now } from '../clock.ts';

const everyMs = 250;

export class ProgressWatch {
  readonly #timer: NodeJS.Timeout;
  readonly #counter: Int32Array;
  #seen = 0;
  #movedAt = now();

  /**
   * @param stalledMs after which it stands still
   * @param tell is given the counter, and whether it stands still, four times a second
   */
  constructor(
    counter: SharedArrayBuffer,
    stalledMs: number,
    tell: (progress: number, isStalled: boolean) => void,
  ) {
    this.#counter = new Int32Array(counter);
    this.#timer = setInterval(() => {
      const seen = Atomics.load(this.#counter, 0);
      const time = now();
      if (seen !== this.#seen) this.#movedAt = time;
      this.#seen = seen;
      tell(seen >>> 0, time - this.#movedAt >= stalledMs);
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
