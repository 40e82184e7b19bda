/**
 * A consistent copy of a journal in another directory, page by page, while its owner goes on.
 *
 * B1 The mark in the copy's head file is read before the first page is, so the copy has everything that
 *    the mark speaks of, and more where something was committed meanwhile.
 * B2 The mark says "copied" until an entry is stored in the copy: whoever opens it begins an epoch that nobody
 *    else begins, because clients may have seen what came after it, in the original or in another copy.
 * B3 The database takes its name last: a copy that was interrupted is no journal.
 * B4 Nothing that goes wrong with the copy is the journal's failure: `backUp` never rejects.
 */
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { backup, type DatabaseSync } from 'node:sqlite';
import type { JournalFailure } from '../contract.ts';
import { whyReadingFailed } from './disk-probe.ts';
import { faultOf, JournalFault } from './fault.ts';
import { filesIn, type JournalFiles, makeDirectory, syncDirectory, syncFile } from './files.ts';
import { createHeadFile, HeadFile, NOTHING, readHeadFile } from './head-file.ts';
import { lockDirectoryForReading } from './lock.ts';
import { openUntouched } from './untouched.ts';

/** Copied at a time; between two such steps commits go on. */
const pagesAtOnce = 256;

export type BackupSource = {
  readonly database: DatabaseSync;
  readonly files: JournalFiles;
  /** Asked between the steps; false gives up. */
  readonly goesOn: () => boolean;
};

/** Null when the copy is complete and synced; then `directory` holds a journal and nothing else. */
export async function backUp(
  { database, files, goesOn }: BackupSource,
  directory: string,
): Promise<JournalFailure | null> {
  const copy = filesIn(directory);
  try {
    prepare(copy);
    copyMark(files, copy);
    await backup(database, copy.unfinished, {
      rate: pagesAtOnce,
      progress: () => {
        if (!goesOn()) throw closedMeanwhile();
      },
    });
    // A backup that takes one step reports no progress.
    if (!goesOn()) throw closedMeanwhile();
    syncFile(copy.unfinished);
    renameSync(copy.unfinished, copy.database);
    syncDirectory(copy.directory);
    return null;
  } catch (error) {
    if (error instanceof Occupied) return error.failure;
    removeRemains(copy);
    return failureOf(error, copy);
  }
}

/** The same for a journal that nobody has open. */
export async function backUpClosed(directory: string, to: string): Promise<JournalFailure | null> {
  const files = filesIn(directory);
  try {
    const lock = lockDirectoryForReading(files);
    try {
      const { database, close } = openUntouched(files);
      try {
        return await backUp({ database, files, goesOn: () => true }, to);
      } finally {
        close();
      }
    } finally {
      lock.release();
    }
  } catch (error) {
    return whyReadingFailed(faultOf(error), files).failure;
  }
}

function prepare(copy: JournalFiles): void {
  makeDirectory(copy.directory);
  if (readdirSync(copy.directory).length === 0) return;
  throw new Occupied(
    'DISK_ERROR',
    `${copy.directory} is not empty, and a backup overwrites nothing. Choose another directory.`,
  );
}

/** Nothing of what is there is ours. */
class Occupied extends JournalFault {}

function removeRemains(copy: JournalFiles): void {
  for (const file of [copy.unfinished, copy.head]) {
    try {
      rmSync(file, { force: true });
    } catch {
      // The directory was never made, or is gone as well.
    }
  }
}

/** It is the copy that failed, whatever the error: the journal is as well as it was (B4). */
function failureOf(error: unknown, { directory }: JournalFiles): JournalFailure {
  const message = error instanceof Error ? error.message : String(error);
  const failure = knownFailure(error);
  const code = failure?.code ?? 'DISK_ERROR';
  const cause = `A backup could not be written to ${directory} (${message}).`;
  if (code === 'DISK_FULL') {
    return { code, message: `${cause} Make room there, or choose another directory.` };
  }
  if (code === 'DISK_ERROR') {
    return { code, message: `${cause} Check the disk there and who may write to it.` };
  }
  return failure ?? { code, message: cause };
}

function knownFailure(error: unknown): JournalFailure | null {
  try {
    return faultOf(error).failure;
  } catch {
    return null;
  }
}

/** B1, B2. */
function copyMark(files: JournalFiles, copy: JournalFiles): void {
  const head = readHeadFile(files.head);
  const mark = head.kind === 'read' ? head.mark : NOTHING;
  createHeadFile(copy.head);
  const file = new HeadFile(copy.head, 1);
  try {
    file.write({ ...mark, clean: false, copied: true });
    file.sync();
  } finally {
    file.close();
  }
}

function closedMeanwhile(): JournalFault {
  return new JournalFault('CLOSED', 'The journal was closed before the backup was complete.');
}
