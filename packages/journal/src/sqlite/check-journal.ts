/**
 * Reading all of a journal that nobody has open, to say what is there and what is wrong with it.
 * Runs in the calling thread and changes nothing on disk.
 *
 * K1 Whatever an opening would refuse is told here; so are rows that only a reader of them would meet.
 * K2 What is said of the entries holds whatever is wrong elsewhere: `readDamaged` yields just these.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { JournalFailure } from '../contract.ts';
import { isUnborn } from './creation.ts';
import { whyReadingFailed } from './disk-probe.ts';
import { scanEntries } from './entry-scan.ts';
import { damaged, faultOf } from './fault.ts';
import { filesIn, type JournalFiles } from './files.ts';
import { type HeadReading, NOTHING, readHeadFile } from './head-file.ts';
import { inspect } from './inspection.ts';
import { lockDirectoryForReading } from './lock.ts';
import { checkRows } from './row-check.ts';
import { openUntouched } from './untouched.ts';

export type JournalCheck = {
  /** The first and the last of the entries that are whole, without a hole; zeros if none is. */
  readonly first: number;
  readonly head: { readonly seq: number; readonly epoch: number };
  /** These are all that were ever acknowledged. */
  readonly complete: boolean;
  /** What is wrong; null when all of the journal is as it was written. */
  readonly failure: JournalFailure | null;
};

/** Null when the directory never held a journal. */
export function checkJournal(directory: string): JournalCheck | null {
  const files = filesIn(directory);
  let log: WholeLog = { first: 0, head: { seq: 0, epoch: 0 }, complete: false };
  try {
    if (isUnborn(files)) return null;
    reading(files, (database) => {
      const head = readHeadFile(files.head);
      log = wholeLog(database, head);
      checkAll(database, head, log);
    });
    return { ...log, failure: null };
  } catch (error) {
    return { ...log, failure: whyReadingFailed(faultOf(error), files).failure };
  }
}

type WholeLog = Pick<JournalCheck, 'first' | 'head' | 'complete'>;

/** As far as the entries are whole, and whether that is as far as the head file has seen them. */
function wholeLog(database: DatabaseSync, head: HeadReading): WholeLog {
  const mark = head.kind === 'read' ? head.mark : null;
  const log = { first: 0, head: { seq: 0, epoch: 0 } };
  let isAsSeen = mark?.seq === 0;
  try {
    for (const { seq, epoch, chain } of scanEntries(database)) {
      log.first ||= seq;
      log.head = { seq, epoch };
      if (seq === mark?.seq) isAsSeen = chain === mark.chain;
    }
    return { ...log, complete: isAsSeen };
  } catch (error) {
    faultOf(error);
    return { ...log, complete: false };
  }
}

function checkAll(database: DatabaseSync, head: HeadReading, log: WholeLog): void {
  inspect(database, head.kind === 'read' ? head.mark : NOTHING);
  if (head.kind !== 'read') throw damaged('its head file is unreadable', log.head.seq + 1);
  checkRows(database);
}

function reading(files: JournalFiles, work: (database: DatabaseSync) => void): void {
  const lock = lockDirectoryForReading(files);
  try {
    const { database, close } = openUntouched(files);
    try {
      work(database);
    } finally {
      close();
    }
  } finally {
    lock.release();
  }
}
