/**
 * A process that can be stopped and continued (SIGSTOP, SIGCONT): what would reach it meanwhile waits,
 * in order. What waits in its connections piles up there, as with a real one.
 */
export class Standstill {
  #still = false;
  #waiting: (() => void)[] = [];

  get still(): boolean {
    return this.#still;
  }

  /** Runs it now, or when the process goes on. */
  run(action: () => void): void {
    if (this.#still) this.#waiting.push(action);
    else action();
  }

  stop(): void {
    this.#still = true;
  }

  goOn(): void {
    this.#still = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const action of waiting) this.run(action);
  }
}
