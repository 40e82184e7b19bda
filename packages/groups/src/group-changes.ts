/** Deciding what changes a group itself: create, delete, properties, names of members (paper §2). */
import { type GroupName, limits, type SubmissionBody } from '@choir/protocol';
import { defaultAttributes, type Group } from './group.ts';
import { endWaits } from './locking.ts';
import { create, type Sender } from './message.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';
import { ok, refuse, type Verdict } from './verdict.ts';

type GroupChange = Extract<SubmissionBody, { kind: 'rename' | 'properties' | 'create' | 'delete' }>;
type PropertyList = Extract<SubmissionBody, { kind: 'properties' }>['properties'];

export function decideGroupChange(
  step: Step,
  state: State,
  sender: Sender,
  name: GroupName,
  body: GroupChange,
): Verdict {
  const group = state.group(name);
  switch (body.kind) {
    case 'create':
      if (group !== null) return refuse('GROUP_EXISTS', `"${name}" exists already.`);
      return createWith(step, state, sender, name, body);
    case 'delete':
      if (!sender.privileged) {
        return refuse('FORBIDDEN', 'Only authorised clients can delete a group.');
      }
      if (group === null) return refuse('NO_GROUP', `There is no group "${name}".`);
      deleteGroup(step, state, sender, group);
      return ok;
    case 'rename':
      return rename(step, group, sender, name, body.name);
    case 'properties':
      if (!group?.members.has(sender.client.id)) return notAMember(name);
      return setProperties(step, group, sender, body.properties);
    default:
      return body satisfies never;
  }
}

function createWith(
  step: Step,
  state: State,
  sender: Sender,
  name: GroupName,
  body: Extract<GroupChange, { kind: 'create' }>,
): Verdict {
  const { stateful } = body;
  const wanted = body.absenceMs === 0 ? defaultAttributes.absenceMs : body.absenceMs;
  const absenceMs = Math.min(wanted, limits.graceMsMax);
  const group = create(step, state, name, { stateful, absenceMs });
  return setProperties(step, group, sender, body.properties);
}

/** Sets the properties named; an empty value removes one. All or none. */
function setProperties(
  step: Step,
  group: Group,
  sender: Sender,
  properties: PropertyList,
): Verdict {
  const after = new Map(group.properties);
  for (const { name, value } of properties) {
    if (value === '') after.delete(name);
    else after.set(name, value);
  }
  if (after.size > limits.properties) {
    return refuse('LIMIT', `A group can have ${limits.properties} properties.`);
  }
  group.properties.clear();
  for (const [name, value] of after) group.properties.set(name, value);
  const { client, localId } = sender;
  step.tell(group, { kind: 'properties', senderId: client.id, localId, properties });
  return ok;
}

function rename(
  step: Step,
  group: Group | null,
  { client, localId }: Sender,
  groupName: GroupName,
  name: string,
): Verdict {
  const member = group?.members.get(client.id);
  if (group === null || member === undefined) return notAMember(groupName);
  group.members.set(client.id, { ...member, name });
  step.tell(group, { kind: 'renamed_member', clientId: client.id, localId, name });
  return ok;
}

/** The marks of its chains outlive the group (G2). */
function deleteGroup(step: Step, state: State, { client, localId }: Sender, group: Group): void {
  step.tell(group, { kind: 'group_deleted', senderId: client.id, localId });
  endWaits(step, state, group, group.locks.queue);
  for (const id of group.members.keys()) state.clients.get(id)?.groups.delete(group.id);
  state.remove(group);
  step.add({ kind: 'group_deleted', group: group.id, name: group.name });
}

function notAMember(name: GroupName): Verdict {
  return refuse('NOT_A_MEMBER', `Only members of "${name}" can do this; join first.`);
}
