/**
 * What can go wrong underneath the journal, as the contract's failures: a code that never changes
 * and a sentence that says what happened and what to do.
 *
 * F1 Only errors of the operating system, of SQLite and of stored bytes become faults. Anything
 *    else is a bug: it is thrown on, ends the worker, and the driver fails every request.
 */
import type { JournalFailure, JournalFailureCode } from '../contract.ts';

export class JournalFault extends Error {
  override readonly name = 'JournalFault';
  readonly failure: JournalFailure;

  constructor(code: JournalFailureCode, message: string, seq?: number) {
    super(`${code}: ${message}`);
    this.failure = seq === undefined ? { code, message } : { code, message, seq };
  }
}

/** Stored bytes are not what was written. `seq` is the first position concerned, if one is. */
export function damaged(what: string, seq?: number): JournalFault {
  const where = seq === undefined ? '' : ` at position ${seq}`;
  return new JournalFault(
    'DAMAGED',
    `The journal is damaged${where}: ${what}. It is left as it is. Restore the data directory ` +
      'from a copy, or salvage what precedes the damage.',
    seq,
  );
}

function diskFull(cause: string): JournalFault {
  return new JournalFault(
    'DISK_FULL',
    `The journal cannot grow: ${cause}. Free space, or raise the quota or the limit on file ` +
      'sizes, and start again; everything acknowledged is kept.',
  );
}

export function diskError(cause: string): JournalFault {
  return new JournalFault(
    'DISK_ERROR',
    `The operating system failed the journal: ${cause}. Check the disk, the permissions of the ` +
      'data directory and the system log, then start again; everything acknowledged is verified ' +
      'then.',
  );
}

/** SQLite's primary result codes that we tell apart (sqlite.org/rescode.html). */
const SQLITE = {
  ERROR: 1,
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  NOMEM: 7,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  SCHEMA: 17,
  TOOBIG: 18,
  CONSTRAINT: 19,
  MISMATCH: 20,
  FORMAT: 24,
  NOTADB: 26,
} as const;

/** Extended codes of IOERR that speak of content, not of the device. */
const SHORT_READ = 522;
const CHECKSUM_READ = 8202;

const FULL_ERRNOS = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** True for the errno names that mean: no more room for this file. */
function meansFull(errno: string): boolean {
  return FULL_ERRNOS.has(errno);
}

/**
 * The fault behind a caught error, or the error itself thrown on if it is a bug (F1). `at` is the
 * position that was being read, where damage is then reported.
 */
export function faultOf(error: unknown, at?: number): JournalFault {
  if (error instanceof JournalFault) return error;
  if (!(error instanceof Error)) throw error;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') {
    const fault = faultOfSqlite(errcode, error.message, at);
    if (fault !== undefined) return fault;
  }
  // An integer beyond 2^53 cannot have been written by us.
  if (code === 'ERR_OUT_OF_RANGE') return damaged('a stored number is out of range', at);
  if ('syscall' in error && typeof code === 'string') {
    return meansFull(code) ? diskFull(error.message) : diskError(error.message);
  }
  throw error;
}

function faultOfSqlite(errcode: number, text: string, at?: number): JournalFault | undefined {
  const cause = `SQLite reports "${text}" (code ${errcode})`;
  switch (errcode & 0xff) {
    case SQLITE.FULL:
      return diskFull(cause);
    case SQLITE.IOERR:
      if (errcode === SHORT_READ || errcode === CHECKSUM_READ) return damaged(cause, at);
      return diskError(cause);
    case SQLITE.NOMEM:
    case SQLITE.CANTOPEN:
    case SQLITE.PERM:
    case SQLITE.READONLY:
      return diskError(cause);
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return new JournalFault(
        'IN_USE',
        `Another program has the journal's database open (${cause}). Close it and start again.`,
      );
    // Our own statements are constant and tested: that they fail means that the schema or the
    // trees under them are not as we left them.
    case SQLITE.ERROR:
    case SQLITE.SCHEMA:
    case SQLITE.CORRUPT:
    case SQLITE.TOOBIG:
    case SQLITE.CONSTRAINT:
    case SQLITE.MISMATCH:
    case SQLITE.FORMAT:
    case SQLITE.NOTADB:
      return damaged(cause, at);
    default:
      return undefined;
  }
}
