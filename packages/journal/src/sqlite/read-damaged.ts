/** Salvage: what an opening refused stays readable up to the damage (contract, J6). */
import type { JournalEntry, JournalFailure } from '../contract.ts';
import { whyReadingFailed } from './disk-probe.ts';
import { scanEntries } from './entry-scan.ts';
import { faultOf } from './fault.ts';
import { filesIn, type JournalFiles } from './files.ts';
import { lockDirectoryForReading } from './lock.ts';
import { openUntouched } from './untouched.ts';

/**
 * Yields the entries of a journal that nobody has open, in order, up to the first that is not whole,
 * and returns what stopped it; `null` if every entry that SQLite still shows is whole. Runs in the
 * calling thread and changes nothing on disk.
 */
export function* readDamaged(directory: string): Generator<JournalEntry, JournalFailure | null> {
  const files = filesIn(directory);
  try {
    yield* entriesIn(files);
    return null;
  } catch (error) {
    return whyReadingFailed(faultOf(error), files).failure;
  }
}

function* entriesIn(files: JournalFiles): Generator<JournalEntry, void> {
  const lock = lockDirectoryForReading(files);
  try {
    const { database, close } = openUntouched(files);
    try {
      for (const { seq, epoch, bytes } of scanEntries(database)) yield { seq, epoch, bytes };
    } finally {
      close();
    }
  } finally {
    lock.release();
  }
}
