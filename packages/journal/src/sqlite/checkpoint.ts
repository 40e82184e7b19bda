/**
 * When to copy the write-ahead log into the database. SQLite does it by itself inside a commit,
 * which delays the answer, and keeps a failure to itself. Here it runs between transactions, after
 * the answers have gone out, and a failure closes the journal: the pages of a failed sync may be
 * lost and marked clean, so nothing but a new opening may trust them.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { diskError } from './fault.ts';
import { PAGE_BYTES } from './tables.ts';

/** About 16 MiB of log: a checkpoint some ten times a second at full load, 15 ms to read again. */
const LOG_PAGES_MAX = 4_000;

/** Pages that nearly every transaction writes: a leaf and its parent of each table it touches. */
const PAGES_PER_TRANSACTION = 6;

export class Checkpoints {
  readonly #checkpoint: StatementSync;
  #pages = 0;

  constructor(database: DatabaseSync) {
    this.#checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** Counts, rather too high than too low, what a transaction has added to the log. */
  count(bytes: number, spaces: number): void {
    this.#pages += PAGES_PER_TRANSACTION + 2 * spaces + Math.ceil((bytes * 1.5) / PAGE_BYTES);
  }

  get due(): boolean {
    return this.#pages >= LOG_PAGES_MAX;
  }

  run(): void {
    const result = this.#checkpoint.get();
    if (result?.['busy'] !== 0) throw diskError('another program holds the database open');
    this.#pages = 0;
  }
}
