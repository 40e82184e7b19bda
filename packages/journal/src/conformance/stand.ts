/** What the suite needs around a journal: a disk that outlives it, and ways to end it. */
import type { JournalOpenResult } from '../journal.ts';

export type JournalStand = {
  /** Opens the journal on this stand's disk, which is empty the first time. */
  open(): Promise<JournalOpenResult>;
  /**
   * Ends the open journal without closing it, as a kill of its process would. Replies given before
   * the call hold; replies after it mean nothing.
   */
  crash(): Promise<void>;
};

export type ConformanceCase = {
  readonly name: string;
  run(stand: JournalStand): Promise<void>;
};

/** A stand whose disk can be made to fail. */
export type FailingDiskStand = JournalStand & {
  /** From now on nothing can be written, until `repairDisk`. */
  failDisk(): Promise<void>;
  repairDisk(): Promise<void>;
};

export type FailingDiskCase = {
  readonly name: string;
  run(stand: FailingDiskStand): Promise<void>;
};
