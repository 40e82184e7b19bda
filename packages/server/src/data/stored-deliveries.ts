/**
 * What the groups in a data directory received, made again from its log: for when no server can start
 * on it. Only the entries are read, so it does not matter what became of anything else.
 */
import { GroupsService } from '@choir/groups';
import { readDamaged } from '@choir/journal';
import { decodeOrdered } from '@choir/ordering';
import type { Event, GroupName, Position } from '@choir/protocol';
import { journalError, ServeError } from '../serve-error.ts';

export type StoredDelivery = {
  readonly group: GroupName;
  readonly at: Position;
  /** When it was ordered, in milliseconds since 1970. */
  readonly time: number;
  readonly events: readonly Event[];
};

/** Yields all of them in their order, up to the first entry that is damaged; returns what that was. */
export function* storedDeliveries(data: string): Generator<StoredDelivery, ServeError | null> {
  const service = new GroupsService();
  const reading = readDamaged(data);
  try {
    for (let step = reading.next(); ; step = reading.next()) {
      if (step.done === true) return step.value === null ? null : journalError(step.value);
      const ordered = decodeOrdered(step.value);
      if (ordered.kind === 'undecodable') return unreadable(step.value.seq, ordered.problem);
      const { at, time } = ordered;
      for (const effect of service.apply(ordered)) {
        if (effect.kind !== 'deliver') continue;
        yield { group: effect.name, at, time, events: effect.events };
      }
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
