/** A copy of a data directory that no server uses; null when it is complete. */
import { backUpClosed } from '@choir/journal';
import { journalError, type ServeError } from '../serve-error.ts';

export async function backUpData(data: string, to: string): Promise<ServeError | null> {
  const failure = await backUpClosed(data, to);
  return failure === null ? null : journalError(failure);
}
