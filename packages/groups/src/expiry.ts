/** Timers that ran out. Each names the absence that it ends and is void when that is over (G4). */
import { groupId } from '@choir/protocol';
import type { Command } from './command.ts';
import { grantNext, releaseSets } from './locking.ts';
import { expel } from './membership.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';

/** disconnected_member → non_member (paper §6). */
export function expireAbsence(
  step: Step,
  state: State,
  command: Extract<Command, { kind: 'expire_absence' }>,
): void {
  const group = state.groups.get(groupId(command.group));
  const client = state.clients.get(command.client);
  const member = group?.members.get(command.client);
  if (group === undefined || client === undefined) return;
  if (member?.status !== 'disconnected_member' || member.absence !== command.absence) return;
  expel(step, state, group, client, 'timeout');
}

/** The lock set of a holder that stayed away is recovered (paper §5). */
export function expireGrace(
  step: Step,
  state: State,
  command: Extract<Command, { kind: 'expire_grace' }>,
): void {
  const group = state.groups.get(groupId(command.group));
  const set = group?.locks.get(command.lockSet);
  if (group === undefined || set?.absence !== command.absence) return;
  releaseSets(step, state, group, [set], { cause: 'grace_expired' });
}

/** One more of the waiting requests that can be granted. */
export function grantWaiting(
  step: Step,
  state: State,
  command: Extract<Command, { kind: 'grant_next' }>,
): void {
  const group = state.groups.get(groupId(command.group));
  if (group !== undefined) grantNext(step, state, group);
}
