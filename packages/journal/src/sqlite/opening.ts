/** The steps of an opening, in the order of docs/design/journal.md. */

import { createUnlessPresent } from './creation.ts';
import { whyReadingFailed, whyWritingFailed } from './disk-probe.ts';
import { damaged, faultOf } from './fault.ts';
import { filesIn, type JournalFiles, makeDirectory, syncDirectory } from './files.ts';
import { HeadFile, type HeadReading, NOTHING, readHeadFile } from './head-file.ts';
import { type Inspected, inspect } from './inspection.ts';
import { type DirectoryLock, lockDirectory } from './lock.ts';
import { Store } from './store.ts';
import { openForWriting } from './tables.ts';
import { openUntouched } from './untouched.ts';

export type OwnedStore = { readonly store: Store; readonly lock: DirectoryLock };

/** Opens the journal in `directory`, creating it if there never was one, or throws a fault. */
export function openStore(directory: string): OwnedStore {
  const files = filesIn(directory);
  let lock: DirectoryLock | undefined;
  try {
    makeDirectory(files.directory);
    lock = lockDirectory(files);
    createUnlessPresent(files);
    return { store: storeIn(files), lock };
  } catch (error) {
    lock?.release();
    throw whyReadingFailed(faultOf(error), files);
  }
}

function storeIn(files: JournalFiles): Store {
  const head = readHeadFile(files.head);
  const found = inspectUntouched(files, head);
  if (head.kind !== 'read') throw damaged('its head file is unreadable', found.end.seq + 1);
  // A mark older than the database was not followed by an orderly close, whatever it says; nor can
  // a newer one be excluded that was lost with the other slot.
  const clean = head.mark.clean && head.whole && head.mark.commits === found.commits;
  const database = openForWriting(files.database);
  let headFile: HeadFile | undefined;
  try {
    headFile = new HeadFile(files.head, head.turn);
    const { copied } = head.mark;
    const store = new Store(database, headFile, found, { clean, copied });
    store.begin();
    // The log is a new file; SQLite syncs its name too, but overlooks it when that fails.
    syncDirectory(files.directory);
    return store;
  } catch (error) {
    // Before the closing, which changes the sizes of the files.
    const fault = whyWritingFailed(faultOf(error), files);
    headFile?.close();
    database.close();
    throw fault;
  }
}

/** Reads everything first, on a connection that leaves the files as they are. */
function inspectUntouched(files: JournalFiles, head: HeadReading): Inspected {
  const { database, close } = openUntouched(files);
  try {
    return inspect(database, head.kind === 'read' ? head.mark : NOTHING);
  } finally {
    close();
  }
}
