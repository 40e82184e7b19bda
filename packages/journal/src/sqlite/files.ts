/** The names inside a data directory, and making such a directory durable. */
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export type JournalFiles = {
  readonly directory: string;
  readonly database: string;
  /** SQLite's write-ahead log beside the database. */
  readonly log: string;
  /** A database under construction: it takes its final name when it is complete and synced. */
  readonly unfinished: string;
  readonly head: string;
  readonly lock: string;
  /** Process id of the last owner, for the sentence in `IN_USE` only. */
  readonly owner: string;
  /** Written and removed again to learn why a write failed. */
  readonly probe: string;
};

/** `path` may be relative; what comes out is not, nor does it begin like a URL, as SQLite knows them. */
export function filesIn(path: string): JournalFiles {
  const directory = resolve(path);
  return {
    directory,
    database: join(directory, 'journal.db'),
    log: join(directory, 'journal.db-wal'),
    unfinished: join(directory, 'journal.new'),
    head: join(directory, 'journal.head'),
    lock: join(directory, 'journal.lock'),
    owner: join(directory, 'journal.owner'),
    probe: join(directory, 'journal.probe'),
  };
}

/** `directory` is absolute, as `filesIn` gives it. */
export function makeDirectory(directory: string): void {
  const created = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (created === undefined) return;
  // A directory that power loss can take away again would take the journal with it.
  for (let made = directory; made.length >= created.length; made = dirname(made)) {
    syncDirectory(dirname(made));
  }
}

/** Makes created and renamed names in `directory` survive power loss. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a file's content survive power loss. Never for a file that SQLite has open (see lock.ts). */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
