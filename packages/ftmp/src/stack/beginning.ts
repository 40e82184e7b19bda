/**
 * Where the order begins for a processor that is added (E10): behind the sponsor's acknowledgement, and how each member's messages stand
 * there.
 */
import { membersAfter } from '../pgmp/changes.ts';
import type { Stream } from '../rmp/stream.ts';
import type { Stages } from '../romp/stages.ts';
import type { BodyOf } from '../wire/index.ts';
import type { GroupState } from './group-state.ts';

/**
 * Whether all that is ordered here lies at or below what this processor acknowledges: it knows the stages at the end of what is ordered, and
 * nowhere before.
 */
export function mayBegin(state: GroupState): boolean {
  return state.order.last <= state.ack();
}

/** What AddProcessor says of the place behind all that is ordered here; only while that may be (`mayBegin`). */
export function beginning(
  state: GroupState,
): Pick<BodyOf<'addProcessor'>, 'watermark' | 'members'> {
  const { order, rmp, self, addresses, surroundings } = state;
  const watermark = state.ack();
  const stages = stagesAtTheEnd(state);
  const members = order.members.map((id) => ({
    id,
    sequence: lastUpTo(rmp.stream(id), watermark),
    stage: stages.of(id),
    address: id === self ? surroundings.address : (addresses.get(id) ?? new Uint8Array(0)),
  }));
  return { watermark, members };
}

/** The stages behind all that is ordered, delivered or not. */
function stagesAtTheEnd({ assembly, delivery, members }: GroupState): Stages {
  const stages = assembly.stages.copy();
  let before = members;
  for (const held of delivery.waiting.all()) {
    const after = membersAfter(before, held);
    if (after.length > before.length) stages.added();
    for (const id of before) if (!after.includes(id)) stages.put(id, 'between');
    before = after;
    if (held.body.type !== 'regular') continue;
    for (const part of held.body.parts) stages.take(held.source, part);
  }
  return stages;
}

/** The number of the last message of a source with at most this timestamp. */
export function lastUpTo(stream: Stream | undefined, timestamp: number): number {
  if (stream === undefined) return 0;
  let last = stream.contiguous;
  for (;;) {
    const held = stream.at(last);
    if (held === undefined || held.timestamp <= timestamp) return last;
    last -= 1;
  }
}
