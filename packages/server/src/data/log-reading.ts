/** The log of a data directory that no server uses, applied from its beginning. */
import { type Effect, type GroupsService, UnknownCommandError } from '@choir/groups';
import { readDamaged } from '@choir/journal';
import { decodeOrdered, type Ordered } from '@choir/ordering';
import { journalError, ServeError } from '../serve-error.ts';

export type Applied = { readonly ordered: Ordered; readonly effects: readonly Effect[] };

/** Yields what each entry brings about, up to the first that cannot be read; returns what that was. */
export function* applyLog(
  data: string,
  service: GroupsService,
): Generator<Applied, ServeError | null> {
  const reading = readDamaged(data);
  try {
    for (let step = reading.next(); ; step = reading.next()) {
      if (step.done === true) return step.value === null ? null : journalError(step.value);
      const ordered = decodeOrdered(step.value);
      const { seq } = step.value;
      if (ordered.kind === 'undecodable') {
        return logError(seq, `Entry ${seq} of the log cannot be read: ${ordered.problem}.`);
      }
      yield { ordered, effects: service.apply(ordered) };
    }
  } catch (error) {
    if (error instanceof UnknownCommandError) return logError(error.seq, error.message);
    throw error;
  } finally {
    reading.return(null);
  }
}

function logError(seq: number, message: string): ServeError {
  const remedy = 'Use the version of Choir that wrote the log.';
  return new ServeError({ code: 'LOG', message, remedy, seq });
}
