/**
 * Reading a database without changing a byte of it, its log or its directory: a journal that turns
 * out to be damaged must stay as it was found.
 *
 * Closing the last connection makes SQLite copy the log into the database and delete the log, and
 * `node:sqlite` has no setting against that. But SQLite first needs the exclusive lock. So a second
 * connection, the anchor, holds a shared one until the first is closed, and being read-only it can
 * never raise its own. `unix-excl` keeps the index of the log in memory instead of in a `-shm` file.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { damaged } from './fault.ts';
import type { JournalFiles } from './files.ts';

export type UntouchedDatabase = { readonly database: DatabaseSync; close(): void };

/** The caller holds the directory lock and closes the result. */
export function openUntouched(files: JournalFiles): UntouchedDatabase {
  if (!existsSync(files.database)) throw damaged('journal.db is missing', 1);
  checkHeader(files.database);
  if ((statSync(files.log, { throwIfNoEntry: false })?.size ?? 0) === 0) {
    const database = connect(files.database, 'immutable=1', true);
    return { database, close: () => database.close() };
  }
  const database = connect(files.database, 'vfs=unix-excl', false);
  lockShared(database, 'PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0; BEGIN');
  const anchor = connect(files.database, 'vfs=unix-excl', true);
  // In this mode SQLite keeps a lock it once had. What it tries next, the exclusive lock, fails.
  lockShared(anchor, 'PRAGMA locking_mode = EXCLUSIVE');
  const close = () => {
    database.close();
    anchor.close();
  };
  return { database, close };
}

/** Reads a byte of the header, for the lock that SQLite takes before it looks at the content. */
function lockShared(connection: DatabaseSync, settings: string): void {
  try {
    connection.exec(`${settings}; PRAGMA user_version`);
  } catch {
    // What is wrong with the content shows again, in its place, when it is read.
  }
}

function connect(path: string, parameters: string, readOnly: boolean): DatabaseSync {
  const url = pathToFileURL(path);
  url.search = parameters;
  return new DatabaseSync(url, { readOnly, enableForeignKeyConstraints: false });
}

const HEADER_BYTES = 100;
const HEADER_TITLE = 'SQLite format 3\0';
const WRITE_VERSION_AT = 18;
const READ_VERSION_AT = 19;
const VERSION_WAL = 2;

/**
 * The two version bytes decide whether SQLite looks at the log at all and whether it may write. We
 * always leave both at "write-ahead log".
 */
function checkHeader(path: string): void {
  const header = Buffer.alloc(HEADER_BYTES);
  // No lock of ours can be on this file yet (lock.ts, L1).
  const descriptor = openSync(path, 'r');
  try {
    const read = readSync(descriptor, header, 0, HEADER_BYTES, 0);
    if (read < HEADER_BYTES) throw damaged(`journal.db has only ${read} bytes`, 1);
  } finally {
    closeSync(descriptor);
  }
  if (header.toString('latin1', 0, HEADER_TITLE.length) !== HEADER_TITLE) {
    throw damaged('journal.db does not begin as a database', 1);
  }
  if (header[WRITE_VERSION_AT] !== VERSION_WAL || header[READ_VERSION_AT] !== VERSION_WAL) {
    throw damaged('the header of journal.db is not as it was written', 1);
  }
}
