/** The log of a data directory that no server uses, applied from its beginning. */
import type { Effect, GroupsService } from '@choir/groups';
import { readDamaged } from '@choir/journal';
import { decodeOrdered, type Ordered } from '@choir/ordering';
import { journalError, ServeError } from '../serve-error.ts';

export type Applied = { readonly ordered: Ordered; readonly effects: readonly Effect[] };

/** Yields what each entry brings about, up to the first that is damaged; returns what that was. */
export function* applyLog(
  data: string,
  service: GroupsService,
): Generator<Applied, ServeError | null> {
  const reading = readDamaged(data);
  try {
    for (let step = reading.next(); ; step = reading.next()) {
      if (step.done === true) return step.value === null ? null : journalError(step.value);
      const ordered = decodeOrdered(step.value);
      if (ordered.kind === 'undecodable') return unreadable(step.value.seq, ordered.problem);
      yield { ordered, effects: service.apply(ordered) };
    }
  } finally {
    reading.return(null);
  }
}

function unreadable(seq: number, problem: string): ServeError {
  return new ServeError({
    code: 'LOG',
    message: `Entry ${seq} of the log cannot be read: ${problem}.`,
    remedy: 'Use the version of Choir that wrote the log.',
    seq,
  });
}
