/**
 * The three states of a member and the edges between them (paper §6; G6, M1): every edge is taken here
 * and gives exactly one event.
 */
import type { ClientId, LocalId, SessionId } from '@choir/protocol';
import type { Client } from './client.ts';
import type { Timer } from './effect.ts';
import type { Group } from './group.ts';
import { endWaits, grantNext, recoverable, releaseSets } from './locking.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';

/** non_member → member, or disconnected_member → member. */
export function enter(
  step: Step,
  group: Group,
  client: Client,
  session: SessionId,
  name: string,
): void {
  const member = group.members.get(client.id);
  if (member?.status === 'member' && member.session === session) return;
  group.members.set(client.id, { status: 'member', name, session });
  client.groups.add(group.id);
  group.locks.setAbsence(client.id, null);
  if (member === undefined) {
    step.tell(group, { kind: 'new_member', clientId: client.id, name });
    return;
  }
  step.tell(group, { kind: 'rejoined_member', clientId: client.id });
  if (member.name !== name) step.tell(group, { kind: 'renamed_member', clientId: client.id, name });
}

/** member → disconnected_member, in every group that the client was in through its session. */
export function disconnect(step: Step, state: State, client: Client): void {
  for (const id of client.groups) {
    const group = state.groups.get(id);
    const member = group?.members.get(client.id);
    if (group === undefined || member?.status !== 'member') continue;
    const { name } = member;
    group.members.set(client.id, { status: 'disconnected_member', name, absence: step.seq });
    const held = group.locks.setAbsence(client.id, step.seq);
    step.tell(group, { kind: 'disconnected_member', clientId: client.id });
    const timers = [
      ...absenceTimer(group, client.id),
      ...held.flatMap((set) => recoverable(group, set)),
    ];
    for (const timer of timers) step.add({ kind: 'arm', timer });
  }
}

/** member → non_member by its own wish. Its locks are given up with it. */
export function leave(
  step: Step,
  state: State,
  group: Group,
  client: Client,
  localId: LocalId,
): void {
  exclude(step, state, group, client);
  step.tell(group, { kind: 'non_member', clientId: client.id, cause: 'left', localId });
  if (client.session !== null) step.add({ kind: 'left', session: client.session, group: group.id });
  releaseSets(step, state, group, group.locks.heldBy(client.id), { cause: 'left', by: client.id });
}

/** disconnected_member → non_member. Its locks have a grace period of their own and stay. */
export function expel(
  step: Step,
  state: State,
  group: Group,
  client: Client,
  cause: 'timeout' | 'forgotten',
): void {
  exclude(step, state, group, client);
  step.tell(group, { kind: 'non_member', clientId: client.id, cause });
  grantNext(step, state, group);
}

/** The end of an absent member's membership. */
export function absenceTimer(group: Group, client: ClientId): readonly Timer[] {
  const member = group.members.get(client);
  if (member?.status !== 'disconnected_member') return [];
  const { absence } = member;
  const proposal = { kind: 'expire_absence', group: group.id, client, absence } as const;
  return [{ durationMs: group.attributes.absenceMs, proposal }];
}

function exclude(step: Step, state: State, group: Group, client: Client): void {
  group.members.delete(client.id);
  client.groups.delete(group.id);
  endWaits(step, state, group, group.locks.waitingOf(client.id));
}
