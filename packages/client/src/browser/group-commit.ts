/**
 * Writes in groups: what is asked for while one transaction is under way shares the next. A failure is
 * final: what was not stored may have been told to nobody, and what comes after it may depend on it.
 */
import type { OutboxDatabase, Write } from './outbox-database.ts';
import { writingError } from './storage-error.ts';

type Waiter = { readonly resolve: () => void; readonly reject: (error: unknown) => void };

export class GroupCommit {
  readonly #database: OutboxDatabase;
  #writes: Write[] = [];
  #waiters: Waiter[] = [];
  #work: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(database: OutboxDatabase) {
    this.#database = database;
  }

  /** Resolves when these, and what was written before, are on the disk. */
  writeDurably(writes: readonly Write[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.write(writes);
    });
  }

  /** Will be on the disk at some time. A failure meets the next durable write. */
  write(writes: readonly Write[]): void {
    this.#writes.push(...writes);
    this.#work ??= this.#run();
  }

  /** Resolves when nothing is under way. */
  async settle(): Promise<void> {
    while (this.#work !== null) await this.#work;
  }

  async #run(): Promise<void> {
    // What is asked for in the same turn goes together.
    await Promise.resolve();
    while (this.#writes.length > 0) {
      const writes = this.#writes.splice(0);
      const waiters = this.#waiters.splice(0);
      try {
        if (this.#failure !== null) throw this.#failure.error;
        await this.#database.write(writes, waiters.length > 0);
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        this.#failure ??= { error: writingError(error) };
        for (const { reject } of waiters) reject(this.#failure.error);
      }
    }
    this.#work = null;
  }
}
