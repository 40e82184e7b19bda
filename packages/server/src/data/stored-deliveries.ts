/**
 * What the groups in a data directory received, made again from its log: for when no server can start
 * on it. Only the entries are read, so it does not matter what became of anything else.
 */
import { GroupsService } from '@choir/groups';
import type { Event, GroupName, Position } from '@choir/protocol';
import type { ServeError } from '../serve-error.ts';
import { applyLog } from './log-reading.ts';

export type StoredDelivery = {
  readonly group: GroupName;
  readonly at: Position;
  /** When it was ordered, in milliseconds since 1970. */
  readonly time: number;
  readonly events: readonly Event[];
};

/** Yields all of them in their order, up to the first entry that is damaged; returns what that was. */
export function* storedDeliveries(data: string): Generator<StoredDelivery, ServeError | null> {
  const reading = applyLog(data, new GroupsService());
  try {
    for (let step = reading.next(); ; step = reading.next()) {
      if (step.done === true) return step.value;
      const { at, time } = step.value.ordered;
      for (const effect of step.value.effects) {
        if (effect.kind !== 'deliver') continue;
        yield { group: effect.name, at, time, events: effect.events };
      }
    }
  } finally {
    reading.return(null);
  }
}
