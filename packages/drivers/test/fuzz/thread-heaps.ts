// How much memory the threads of this process hold. A thread cannot be made to collect garbage from outside, so the least that
// is seen over a while is taken.
import { Worker } from 'node:worker_threads';

export class ThreadHeaps {
  readonly #least = new Map<Worker, number>();
  readonly #workers = new Set<Worker>();
  readonly #began = (worker: unknown): void => {
    if (!(worker instanceof Worker)) return;
    this.#workers.add(worker);
    worker.once('exit', () => this.#workers.delete(worker));
  };

  /** Counts threads that begin from now on. */
  constructor() {
    process.on('worker', this.#began);
  }

  async look(): Promise<void> {
    for (const worker of this.#workers) {
      const { used_heap_size: used, external_memory: outside } = await worker.getHeapStatistics();
      const bytes = used + outside;
      this.#least.set(worker, Math.min(bytes, this.#least.get(worker) ?? bytes));
    }
  }

  /** What all of them held at the least since the last call. */
  take(): number {
    const sum = [...this.#least.values()].reduce((total, bytes) => total + bytes, 0);
    this.#least.clear();
    return sum;
  }

  end(): void {
    process.off('worker', this.#began);
  }
}
