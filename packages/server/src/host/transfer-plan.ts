/** What a transfer sends, settled at the moment when it begins: the state of a group as of `asOf`. */
import type { ContentRef, GroupDescription, GroupsService } from '@choir/groups';
import type { Position } from '@choir/protocol';
import type { GroupStream } from './group-stream.ts';

export type TransferPlan = {
  readonly asOf: Position;
  /** 0 when there is no such group. */
  readonly created: number;
  readonly description: Omit<GroupDescription, 'group' | 'name'>;
  /** Where the content of the objects is, ascending. */
  readonly refs: readonly ContentRef[];
};

/** The whole state of a group that exists. */
export function planOf(
  service: GroupsService,
  { id, name }: GroupStream,
  asOf: Position,
): TransferPlan {
  const description = service.describe(id);
  if (description === null) throw new Error(`Group ${id} ("${name}") is not in the state.`);
  return { asOf, created: id, description, refs: service.content(id, null) };
}

/** The state of a group that does not exist. */
export function emptyPlan(asOf: Position): TransferPlan {
  const description = { stateful: false, absenceMs: 0, properties: [], members: [], locks: [] };
  return { asOf, created: 0, description, refs: [] };
}

/**
 * A membership that ended between the join and its block, by a leave or with the group: the state is
 * not the client's any more, and the delivery at `end` follows.
 */
export function bygonePlan({ id }: GroupStream, end: number, head: Position): TransferPlan {
  return { ...emptyPlan({ epoch: head.epoch, seq: end - 1 }), created: id };
}
