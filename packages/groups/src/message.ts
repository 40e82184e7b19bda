/**
 * Deciding a message: bcast, obj_state_bcast and group_state_bcast (paper §2, §3.2), one or several
 * parts, all or nothing. First every part is judged, then every part takes effect.
 */
import {
  type Event,
  type GroupName,
  type LocalId,
  limits,
  type Part,
  relation,
} from '@choir/protocol';
import type { Client } from './client.ts';
import { defaultAttributes, Group } from './group.ts';
import { changed, changedByOther } from './latest-change.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';
import { ok, refuse, type Verdict } from './verdict.ts';

/** Objects that one group may have, the most that one message may add included. */
const objectsMax = 100_000;
/** Updates that the content of one group may consist of: what a join has to read. */
const updatesMax = 1_000_000;

export type Sender = {
  readonly client: Client;
  readonly localId: LocalId;
  /** The host found it entitled to checkpoint, break locks and delete groups. */
  readonly privileged: boolean;
};

export function decideMessage(
  step: Step,
  state: State,
  sender: Sender,
  { group, parts }: { readonly group: GroupName; readonly parts: readonly Part[] },
): Verdict {
  if (parts.length === 0) return refuse('MALFORMED', 'A message needs at least one part.');
  if (parts.some((part) => relation(part.group) !== relation(group))) {
    return refuse('CROSS_SHARD', 'The groups of one message must agree up to the first slash.');
  }
  if (parts.some((part) => part.kind === 'group_state' && !standsAlone(part, parts))) {
    return refuse(
      'MALFORMED',
      'A checkpoint is the only change of state to its group in a message.',
    );
  }
  for (const part of parts) {
    const verdict = judge(step, state, sender, part);
    if (verdict.kind === 'refused') return verdict;
  }
  for (const part of parts) perform(step, state, sender, part);
  return ok;
}

/** What a checkpoint purges could not be told from what follows it at the same position. */
function standsAlone(checkpoint: Part, parts: readonly Part[]): boolean {
  return parts.every(
    (part) => part === checkpoint || part.kind === 'bcast' || part.group !== checkpoint.group,
  );
}

function judge(step: Step, state: State, sender: Sender, part: Part): Verdict {
  if (part.kind === 'bcast') return ok;
  const group = state.group(part.group);
  if (group === null || !group.members.has(sender.client.id)) {
    return refuse(
      'NOT_A_MEMBER',
      `Only members of "${part.group}" can change its state; join first.`,
    );
  }
  if (!group.attributes.stateful) return refuse('STATELESS', `"${part.group}" has no state.`);
  if (part.base >= step.seq) {
    return refuse('UNKNOWN_POSITION', `Nothing was delivered at position ${part.base} yet.`);
  }
  const replaced = Math.max(group.createdAt, changedByOther(group.checkpoint, sender.client.id));
  if (replaced > part.base) {
    return refuse(
      'CHECKPOINTED',
      `The state of "${part.group}" was replaced after this was written.`,
    );
  }
  if (part.kind === 'obj_state') return judgeUpdate(group, sender, part);
  if (!sender.privileged) {
    return refuse('FORBIDDEN', 'Only authorised clients can replace the state of a group.');
  }
  return ok;
}

/** The rule of paper §5, fenced and checked against what changed meanwhile (G5). */
function judgeUpdate(
  group: Group,
  { client }: Sender,
  part: Extract<Part, { kind: 'obj_state' }>,
): Verdict {
  const { object, fence, base } = part;
  const set = group.locks.setOf(object);
  if (set !== null && set.holder !== client.id) {
    const holders = [{ object, clientId: set.holder, waiting: false }];
    return refuse('LOCKED', `"${object}" is locked by ${set.holder}.`, holders);
  }
  if (fence !== 0 && set?.id !== fence) {
    return refuse('STALE_FENCE', `Lock set ${fence} on "${object}" is no longer held.`);
  }
  if (group.lockChanges.byOther(object, client.id) > base) {
    return refuse(
      'CONFLICT',
      `Another client locked or released "${object}" after this was written.`,
    );
  }
  if (!group.objects.has(object) && group.objects.count + limits.parts > objectsMax) {
    return refuse('LIMIT', `"${group.name}" has ${objectsMax} objects, the most it can have.`);
  }
  if (group.objects.updates >= updatesMax) {
    return refuse('LIMIT', `"${group.name}" consists of too many updates; replace some objects.`);
  }
  return ok;
}

function perform(step: Step, state: State, { client, localId }: Sender, part: Part): void {
  const group = state.group(part.group) ?? create(step, state, part.group);
  const from = { senderId: client.id, localId };
  switch (part.kind) {
    case 'bcast': {
      const { exclusive, data } = part;
      step.tell(group, { kind: 'bcast', ...from, exclusive, data });
      return;
    }
    case 'obj_state': {
      const { object, update, data } = part;
      group.objects.update(object, update, step.seq);
      step.tell(group, { kind: 'obj_state', ...from, object, update, data });
      return;
    }
    case 'group_state': {
      const objects = part.objects.map(({ object }) => object);
      group.objects.replaceAll(objects, step.seq);
      group.checkpoint = changed(group.checkpoint, { seq: step.seq, by: client.id });
      const event: Event = { kind: 'group_state', ...from, objects: part.objects };
      step.tell(group, event);
      return;
    }
    default:
      part satisfies never;
  }
}

/** A group comes into being with its first use. */
export function create(
  step: Step,
  state: State,
  name: GroupName,
  attributes = defaultAttributes,
): Group {
  const group = new Group({ id: state.nextGroupId(), name, createdAt: step.seq }, attributes);
  state.add(group);
  step.create(group);
  return group;
}
