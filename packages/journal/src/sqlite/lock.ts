/**
 * Exclusive ownership of a data directory. The lock is the operating system's (a POSIX record lock
 * that SQLite takes on an empty file), so it vanishes with the process however that ends: after a
 * kill -9 the next start owns the directory at once, and no staleness is ever guessed.
 *
 * L1 Nobody in this process may open and close `journal.lock` or `journal.db` by other means while
 *    the lock is held: closing any descriptor of a file drops all POSIX locks of the process on it.
 *    SQLite knows this and shares descriptors; `node:fs` does not.
 * L2 The owner's process id is in a file of its own for that reason. It is for people; it decides
 *    nothing.
 */
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { JournalFault } from './fault.ts';
import type { JournalFiles } from './files.ts';

const BUSY = 5;
const NOT_A_DATABASE = 26;

export type DirectoryLock = { release(): void };

/** Owns the directory until released or until the process ends; throws `IN_USE`. */
export function lockDirectory(files: JournalFiles): DirectoryLock {
  const lock = takeExclusive(files);
  try {
    writeFileSync(files.owner, `${process.pid}\n`, { mode: 0o600 });
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Keeps owners out while somebody only reads, without creating or writing anything. A directory
 * that never had a lock file never had an owner that could be in the way.
 */
export function lockDirectoryForReading(files: JournalFiles): DirectoryLock {
  if (!existsSync(files.lock)) return { release() {} };
  const open = () => new DatabaseSync(files.lock, { readOnly: true });
  // Of a garbled lock file nobody is the owner (see `take`), and it is left as it is.
  const garbled = () => ({ release() {} });
  return take(files, { open, statements: 'BEGIN; SELECT count(*) FROM sqlite_schema', garbled });
}

function takeExclusive(files: JournalFiles): DirectoryLock {
  const open = () => new DatabaseSync(files.lock);
  // The same file is emptied, never replaced: two processes must not come to lock two different
  // files of the same name.
  const garbled = () => {
    truncateSync(files.lock);
    return takeExclusive(files);
  };
  return take(files, { open, statements: 'BEGIN EXCLUSIVE', garbled });
}

type Taking = {
  readonly open: () => DatabaseSync;
  readonly statements: string;
  /** What to do about a lock file that holds something. */
  readonly garbled: () => DirectoryLock;
};

function take(files: JournalFiles, { open, statements, garbled }: Taking): DirectoryLock {
  const database = open();
  try {
    // In memory: a rollback journal beside the lock would be one more file to explain.
    database.exec(`PRAGMA journal_mode = MEMORY; ${statements}`);
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    const { errcode } = error as { errcode?: unknown };
    if (errcode === BUSY) throw inUse(files);
    if (errcode !== NOT_A_DATABASE) throw error;
    // The file is empty by design, so whatever it holds is damage without meaning. An owner would
    // have kept us from reading this far.
    return garbled();
  }
}

function inUse(files: JournalFiles): JournalFault {
  return new JournalFault(
    'IN_USE',
    `The data directory ${files.directory} is in use by process ${ownerOf(files)}. Stop that ` +
      'process, or choose another directory.',
  );
}

function ownerOf(files: JournalFiles): string {
  try {
    const text = readFileSync(files.owner, 'latin1').trim();
    return /^\d{1,10}$/.test(text) ? text : '(unknown)';
  } catch {
    // The owner is between taking the lock and writing its id.
    return '(unknown)';
  }
}
