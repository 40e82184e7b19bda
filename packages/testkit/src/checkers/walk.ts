/**
 * A walk along a client's stream beside the log of the group: what should have come between one thing
 * received and the next.
 */

import type { History } from './history/history.ts';
import type { ClientProcess } from './history/processes.ts';
import type { Unit } from './history/server-log.ts';
import type { Delivered, Item, Stream } from './history/stream.ts';
import { isVisible } from './visible.ts';

export type Arrival = {
  readonly seq: number;
  readonly first: Delivered;
  /** Where the client stood, and how it came there. */
  readonly from: number;
  readonly fromTransfer: boolean;
  readonly stateless: boolean;
  /** The resume block that this is part of. */
  readonly resuming: boolean;
  /** Units between, which the client should have received. */
  readonly skipped: readonly Unit[];
  /** Own sender-exclusive messages between, which should have been acknowledged by now. */
  readonly unacknowledged: readonly Unit[];
};

export type Walker = {
  arrival(arrival: Arrival): void;
  item?(item: Item, at: number): void;
  /** The stream was still followed when all was quiet, and stood at `at`. */
  end?(at: number, missing: readonly Unit[]): void;
};

export function walk(
  process: ClientProcess,
  stream: Stream,
  history: History,
  walker: Walker,
): void {
  const { client } = process.identity;
  let created = 0;
  let at: number | null = null;
  let fromTransfer = false;
  let stateless = false;
  let resuming = false;
  const between = (after: number, before: number): readonly Unit[] =>
    history.log.units(created).filter(({ seq }) => seq > after && seq < before);
  for (const item of stream.items) {
    walker.item?.(item, at ?? 0);
    switch (item.kind) {
      case 'transfer':
        created = item.begin.created;
        stateless = !item.begin.stateful;
        at = item.end.seq;
        fromTransfer = true;
        resuming = false;
        break;
      case 'resume_begin':
        created = item.block.created;
        // A watch from a position begins there.
        at ??= item.block.after;
        resuming = true;
        break;
      case 'resume_end':
      case 'interrupted':
        resuming = false;
        break;
      case 'left':
        at = null;
        break;
      case 'delivery': {
        const [first] = item.events;
        if (first === undefined || at === null) break;
        // A watcher of a name is sent whatever group comes to have it.
        if (created === 0) created = history.log.unitNamed(stream.group, item.seq)?.created ?? 0;
        const { scope } = item;
        const units = between(at, item.seq);
        const skipped = units.filter((unit) => isVisible(unit, client, scope));
        const unacknowledged =
          scope === 'members'
            ? []
            : units.filter(
                (unit) => !isVisible(unit, client, scope) && !isAcked(unit, process, first),
              );
        const { seq } = item;
        const from = at;
        walker.arrival({
          seq,
          first,
          from,
          fromTransfer,
          stateless,
          resuming,
          skipped,
          unacknowledged,
        });
        at = Math.max(at, seq);
        fromTransfer = false;
        break;
      }
      default:
        item satisfies never;
    }
  }
  if (at === null || stream.copy === null) return;
  const rest = between(at, Number.POSITIVE_INFINITY);
  walker.end?.(
    at,
    rest.filter((unit) => isVisible(unit, client, stream.scope)),
  );
}

/** Whether the client had been told that its own message was taken before `arrival` came. */
function isAcked(unit: Unit, { identity }: ClientProcess, arrival: Delivered): boolean {
  return unit.events.every((event) => {
    if (event.event !== 'bcast') return false;
    const told = identity.told.get(event.localId) ?? [];
    return told.some((one) => one.kind === 'settled' && one.t <= arrival.t);
  });
}
