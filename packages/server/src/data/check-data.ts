/** What is in a data directory that no server uses. Nothing in it is changed. */
import { checkJournal } from '@choir/journal';
import type { Position } from '@choir/protocol';
import { journalError, type ServeError } from '../serve-error.ts';

export type DataCheck = {
  /** The first and the last position of the log up to which it is whole; zeros if there is none. */
  readonly first: number;
  readonly head: Position;
  /** That is all that was ever acknowledged. */
  readonly complete: boolean;
  /** Why a server would not start on it, or would end when somebody reads; null if all is well. */
  readonly failure: ServeError | null;
};

/** Null when no server ever used the directory. */
export function checkData(data: string): DataCheck | null {
  const check = checkJournal(data);
  if (check === null) return null;
  const { failure } = check;
  return { ...check, failure: failure === null ? null : journalError(failure) };
}
