/**
 * SQLite says "disk I/O error" for a write that failed for any reason but ENOSPC, and keeps the
 * reason to itself. A write of our own at the same size of file asks the operating system again.
 */
import { closeSync, fdatasyncSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { diskError, diskFull, type JournalFault, meansFull } from './fault.ts';
import type { JournalFiles } from './files.ts';

const PROBE_BYTES = 4096;

/** A better worded fault for `fault` if the probe fails too; else `fault` itself. */
export function explained(fault: JournalFault, files: JournalFiles): JournalFault {
  if (fault.failure.code !== 'DISK_ERROR') return fault;
  const cause = whyWritesFail(files);
  if (cause === undefined) return fault;
  return meansFull(cause.errno) ? diskFull(cause.text) : diskError(cause.text);
}

function whyWritesFail(files: JournalFiles): { errno: string; text: string } | undefined {
  try {
    const end = Math.max(sizeOf(files.database), sizeOf(files.log));
    const descriptor = openSync(files.probe, 'w', 0o600);
    try {
      writeSync(descriptor, new Uint8Array(PROBE_BYTES), 0, PROBE_BYTES, end);
      fdatasyncSync(descriptor);
    } finally {
      closeSync(descriptor);
      unlinkSync(files.probe);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code } = error as { code?: unknown };
    return typeof code === 'string' ? { errno: code, text: error.message } : undefined;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
