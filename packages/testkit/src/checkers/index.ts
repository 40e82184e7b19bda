export { allCheckers } from './all.ts';
export type { Checker, Violation } from './checker.ts';
export type { GroupEvent } from './group-event.ts';
export { Judge } from './judge.ts';
export type {
  Body,
  EntryCommand,
  PartFields,
  RecordKind,
  RecordOf,
  Records,
  TraceRecord,
} from './vocabulary.ts';
export { contentText } from './vocabulary.ts';
