/**
 * Making an empty journal. Its files appear in an order that leaves no doubt after a crash: first
 * the head file, then the database under another name, synced, then the rename. A `journal.db`
 * therefore never exists without its head file and never half made.
 */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { damaged } from './fault.ts';
import { type JournalFiles, syncDirectory, syncFile } from './files.ts';
import { createHeadFile, readHeadFile } from './head-file.ts';
import { createTables, openForWriting } from './tables.ts';

export function createUnlessPresent(files: JournalFiles): void {
  if (isUnborn(files)) create(files);
}

/** True if the directory never held a journal; throws `DAMAGED` if it held one that is gone. */
export function isUnborn(files: JournalFiles): boolean {
  if (existsSync(files.database)) return false;
  if ((statSync(files.log, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    throw damaged('journal.db is missing beside its write-ahead log', 1);
  }
  const head = readHeadFile(files.head);
  if (head.kind === 'unreadable' || (head.kind === 'read' && head.mark.commits > 0)) {
    throw damaged('journal.db is missing although the head file has seen it', 1);
  }
  return true;
}

function create(files: JournalFiles): void {
  if (!existsSync(files.head)) createHeadFile(files.head);
  for (const suffix of ['', '-wal', '-journal']) rmSync(files.unfinished + suffix, { force: true });
  const database = openForWriting(files.unfinished);
  try {
    createTables(database);
  } finally {
    database.close();
  }
  syncFile(files.unfinished);
  syncDirectory(files.directory);
  renameSync(files.unfinished, files.database);
  syncDirectory(files.directory);
}
