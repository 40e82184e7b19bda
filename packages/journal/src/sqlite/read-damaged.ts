/** Salvage: what an opening refused stays readable up to the damage (contract, J6). */
import { resolve } from 'node:path';
import type { JournalEntry, JournalFailure } from '../contract.ts';
import { scanEntries } from './entry-scan.ts';
import { faultOf } from './fault.ts';
import { filesIn } from './files.ts';
import { lockDirectoryForReading } from './lock.ts';
import { openUntouched } from './untouched.ts';

/**
 * Yields the entries of a journal that nobody has open, in order, up to the first that is not whole,
 * and returns what stopped it; `null` if every entry that SQLite still shows is whole. Runs in the
 * calling thread and changes nothing on disk.
 */
export function* readDamaged(directory: string): Generator<JournalEntry, JournalFailure | null> {
  const files = filesIn(resolve(directory));
  const releases: (() => void)[] = [];
  try {
    const lock = lockDirectoryForReading(files);
    releases.push(() => lock.release());
    const untouched = openUntouched(files);
    releases.push(() => untouched.close());
    for (const { seq, epoch, bytes } of scanEntries(untouched.database))
      yield { seq, epoch, bytes };
    return null;
  } catch (error) {
    return faultOf(error).failure;
  } finally {
    for (const release of releases.reverse()) release();
  }
}
