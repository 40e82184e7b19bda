/**
 * The tables of `journal.db`, and opening the database as its owner.
 *
 * `entries`   the ordered log; `chain` is the chain value (checksum.ts, K1).
 * `rows`      derived state by space. `previous` names the row before it in the same space, so that
 *             a row that vanished shows when a neighbour is read.
 * `tails`     the last row of each space, so that a vanished last row shows too.
 * `snapshot`  at most one row.
 * `settings`  format, commits (transactions so far), applied, snapshot (position of the newest).
 */
import { DatabaseSync } from 'node:sqlite';
import { settingChecksum } from './checksum.ts';
import { diskError } from './fault.ts';

/** Raised when the tables or the meaning of a column change. */
export const FORMAT = 1;

export const PAGE_BYTES = 4096;

/** After a transaction larger than this the log file shrinks again at the next checkpoint. */
const LOG_KEPT_BYTES = 64 * 1024 * 1024;

/** Exactly as SQLite stores them: an opening compares the text. */
export const TABLES: Readonly<Record<string, string>> = {
  entries:
    'CREATE TABLE entries (seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, ' +
    'chain INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT',
  rows:
    'CREATE TABLE rows (space INTEGER NOT NULL, seq INTEGER NOT NULL, previous INTEGER NOT NULL, ' +
    'crc INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (space, seq)) STRICT, WITHOUT ROWID',
  tails:
    'CREATE TABLE tails (space INTEGER PRIMARY KEY, last INTEGER NOT NULL, ' +
    'crc INTEGER NOT NULL) STRICT',
  snapshot:
    'CREATE TABLE snapshot (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, crc INTEGER NOT NULL, ' +
    'bytes BLOB NOT NULL) STRICT',
  settings:
    'CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL, ' +
    'crc INTEGER NOT NULL) STRICT, WITHOUT ROWID',
};

export type SettingName = 'format' | 'commits' | 'applied' | 'snapshot';

/** The setting `snapshot` while there is none. */
export const NO_SNAPSHOT = -1;

/**
 * A connection that may write. It never checkpoints by itself: a checkpoint of SQLite's own runs
 * inside the commit, delays its answer and swallows its errors.
 */
export function openForWriting(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    // EXCLUSIVE comes first: the index of the log then lives in memory, not in a mapped file that
    // a truncation elsewhere would turn into SIGBUS.
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA synchronous = FULL;
      PRAGMA fullfsync = ON;
      PRAGMA checkpoint_fullfsync = ON;
      PRAGMA wal_autocheckpoint = 0;
      PRAGMA journal_size_limit = ${LOG_KEPT_BYTES};
      PRAGMA cell_size_check = ON;
      PRAGMA trusted_schema = OFF;
    `);
    const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
    if (mode !== 'wal') throw diskError(`SQLite refuses a write-ahead log (${mode}) here`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Creates the tables of an empty journal. */
export function createTables(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  for (const sql of Object.values(TABLES)) database.exec(sql);
  const insert = database.prepare('INSERT INTO settings (name, value, crc) VALUES (?, ?, ?)');
  const initial: Record<SettingName, number> = {
    format: FORMAT,
    commits: 0,
    applied: 0,
    snapshot: NO_SNAPSHOT,
  };
  for (const [name, value] of Object.entries(initial)) {
    insert.run(name, value, settingChecksum(name, value));
  }
  database.exec('COMMIT');
}
