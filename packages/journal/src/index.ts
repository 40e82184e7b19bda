export type {
  JournalCommit,
  JournalEntry,
  JournalFailure,
  JournalFailureCode,
  JournalOpened,
  JournalOpening,
  JournalReply,
  JournalRequest,
  JournalRow,
  JournalSnapshot,
} from './contract.ts';
export type { Closing, Journal, JournalOpenResult, SpaceSize } from './journal.ts';
export { backUpClosed } from './sqlite/backup.ts';
export { checkJournal, type JournalCheck } from './sqlite/check-journal.ts';
export { type OpenJournalOptions, openJournal } from './sqlite/open-journal.ts';
export { readDamaged } from './sqlite/read-damaged.ts';
