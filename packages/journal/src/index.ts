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
