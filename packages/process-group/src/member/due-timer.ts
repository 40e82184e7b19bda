/** One timer for whatever is due next. It is told after every event, and set anew only when that has changed. */
import { now } from '@choir/drivers';

export class DueTimer {
  readonly #onDue: () => void;
  #timer: NodeJS.Timeout | undefined;
  #due = Infinity;

  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** @param due in ms of `now`; infinity when nothing is */
  set(due: number): void {
    if (due === this.#due) return;
    this.stop();
    if (due === Infinity) return;
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#due = Infinity;
      this.#onDue();
    }, due - now());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#due = Infinity;
  }
}
