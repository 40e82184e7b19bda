/**
 * SQLite keeps the operating system's reasons to itself: a write that failed is an "I/O error" unless
 * the disk was full, and a read that failed is "malformed". Asked again by plain calls, the system
 * answers with its own word.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { faultOf, type JournalFault } from './fault.ts';
import type { JournalFiles } from './files.ts';

const WRITTEN_BYTES = 4096;
const READ_BYTES = 1 << 20;

/** The fault behind a `DISK_ERROR` if a write shows it again; else the same fault. */
export function whyWritingFailed(fault: JournalFault, files: JournalFiles): JournalFault {
  return fault.failure.code === 'DISK_ERROR' ? faultIn(() => writeOnce(files), fault) : fault;
}

/**
 * The fault behind a `DAMAGED` if reading the files shows one; else the same fault. The caller has
 * closed the database: plain calls on it drop SQLite's locks (lock.ts, L1).
 */
export function whyReadingFailed(fault: JournalFault, files: JournalFiles): JournalFault {
  return fault.failure.code === 'DAMAGED' ? faultIn(() => readThrough(files), fault) : fault;
}

function faultIn(probe: () => void, otherwise: JournalFault): JournalFault {
  try {
    probe();
    return otherwise;
  } catch (error) {
    return faultOf(error);
  }
}

/** Writes at the end of what would be the journal's largest file, for limits on sizes. */
function writeOnce({ database, log, probe }: JournalFiles): void {
  const end = Math.max(sizeOf(database), sizeOf(log));
  const descriptor = openSync(probe, 'w', 0o600);
  try {
    writeSync(descriptor, new Uint8Array(WRITTEN_BYTES), 0, WRITTEN_BYTES, end);
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
    unlinkSync(probe);
  }
}

function readThrough({ database, log }: JournalFiles): void {
  const buffer = new Uint8Array(READ_BYTES);
  for (const file of [database, log]) {
    if (!existsSync(file)) continue;
    const descriptor = openSync(file, 'r');
    try {
      while (readSync(descriptor, buffer) > 0);
    } finally {
      closeSync(descriptor);
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
