/**
 * What clients are told when nothing can be stored any more. The journal's own words are for the
 * operator: they may name files of the server, which are nobody else's business.
 */
import type { JournalFailureCode } from '@choir/journal';
import { codes } from '@choir/protocol';

const reasons: Readonly<Record<JournalFailureCode, string>> = {
  DISK_FULL: 'Its disk is full.',
  DISK_ERROR: 'Its disk failed.',
  THREAD_ENDED: 'A part of it ended unexpectedly.',
  DAMAGED: 'What is stored is damaged.',
  FORMAT: 'What is stored is of another version.',
  IN_USE: 'Its data is in use by another program.',
  CLOSED: 'Its journal was closed.',
};

/** `failure` is null when the log can be read but not be followed. */
export function storageNotice(failure: JournalFailureCode | null): string {
  const reason = failure === null ? 'Its log cannot be replayed.' : reasons[failure];
  return `${codes.STORAGE} ${reason}`;
}
