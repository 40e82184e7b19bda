/**
 * One owner per outbox. The lock is the operating system's (which SQLite takes on an empty file beside
 * the outbox), so it vanishes with the process however that ends, and no staleness is ever guessed.
 */
import { DatabaseSync } from 'node:sqlite';
import { ChoirError } from '../choir-error.ts';

export type FileLock = { release(): void };

const BUSY = 5;

/** Owns `path` until released; throws OUTBOX_IN_USE. */
export function lockFile(path: string): FileLock {
  const database = new DatabaseSync(path);
  try {
    // In memory: a rollback journal beside the lock would be one more file to explain.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new ChoirError('OUTBOX_IN_USE', `${path} is locked: its outbox has an owner.`);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === BUSY;
}
