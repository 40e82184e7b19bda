/** How ordered messages change a membership. Pure functions: ordering, delivery and recovery all use them. */
import type { ProcessorId, ViewId } from '../ids.ts';
import { processorNumber } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import { membersMax } from '../wire/fields.ts';

/** The members after this message; the same list when it changes nothing. */
export function membersAfter(members: readonly ProcessorId[], held: Held): readonly ProcessorId[] {
  const { body } = held;
  if (body.type === 'addProcessor') {
    const { id } = body.newMember;
    // Who adds looks for that before; a liar does not.
    if (members.length >= membersMax) return members;
    return isAddable(members, id) ? [...members, id] : members;
  }
  if (body.type === 'removeProcessor' && members.includes(body.member)) {
    return members.filter((id) => id !== body.member);
  }
  return members;
}

/** One processor is in a view with one incarnation: a later one waits until the earlier is out (S32). */
export function isAddable(members: readonly ProcessorId[], id: ProcessorId): boolean {
  return members.every((member) => processorNumber(member) !== processorNumber(id));
}

/** The view that a change of membership makes. */
export function viewIdOf(held: Held): ViewId {
  return { timestamp: held.timestamp, processor: held.source };
}
