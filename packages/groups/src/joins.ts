/** Joining and rejoining, one group or several related ones in one step (paper §3.3, §7.2). */
import { type ClientId, type Code, relation } from '@choir/protocol';
import type { Command } from './command.ts';
import type { JoinedGroup } from './effect.ts';
import type { Group } from './group.ts';
import { enter } from './membership.ts';
import { create } from './message.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';

/** Members of one group: they all can be lost in one step, which is one delivery. */
const membersMax = 10_000;

type Join = Extract<Command, { kind: 'join' }>;
type Target = Join['targets'][number];

export function join(step: Step, state: State, command: Join): void {
  const client = state.clients.get(command.client);
  if (client === undefined || client.session !== command.session) return;
  const { session, requestId, targets } = command;
  const refusal = refusalOf(state, client.id, targets);
  if (refusal !== null) {
    step.add({ kind: 'join_refused', session, requestId, ...refusal });
    return;
  }
  const groups = targets.map((target): JoinedGroup => {
    const group = state.group(target.group) ?? create(step, state, target.group);
    enter(step, group, client, session, target.name);
    const mark = client.chain(group.name).mark;
    return { group: group.id, name: group.name, mark, answer: answer(step, group, target) };
  });
  step.add({ kind: 'joined', session, requestId, groups });
}

type Refusal = { readonly code: Code; readonly message: string };

/** Why none of the targets is joined; null when all are. */
function refusalOf(state: State, client: ClientId, targets: readonly Target[]): Refusal | null {
  const names = new Set(targets.map(({ group }) => group));
  if (names.size < targets.length || names.size === 0) {
    const message = 'A join names each of its groups once, and at least one.';
    return { code: 'MALFORMED', message };
  }
  if (new Set(targets.map(({ group }) => relation(group))).size > 1) {
    const message = 'The groups of one join must agree up to the first slash.';
    return { code: 'CROSS_SHARD', message };
  }
  // A member that was away does not bring back what was deleted meanwhile.
  const gone = targets.find(({ group, created }) => created !== 0 && state.group(group) === null);
  if (gone !== undefined) return { code: 'NO_GROUP', message: `"${gone.group}" was deleted.` };
  const full = targets.find(({ group }) => isFull(state.group(group), client));
  if (full === undefined) return null;
  const message = `"${full.group}" has ${membersMax} members, the most it can have.`;
  return { code: 'LIMIT', message };
}

function isFull(group: Group | null, client: ClientId): boolean {
  return group !== null && !group.members.has(client) && group.members.size >= membersMax;
}

/**
 * A client that names where it was resumes there, if that was in this group and not in an earlier one
 * of the same name. Anything else is a new start from the state; `gap` tells a client that had one.
 */
function answer(step: Step, group: Group, { created, after }: Target): JoinedGroup['answer'] {
  if (after === undefined) return { kind: 'transfer', gap: false };
  if (created !== group.id || after.seq > step.seq) return { kind: 'transfer', gap: true };
  // What is missing between is not kept any more.
  if (after.seq < group.history.floor.seq) return { kind: 'transfer', gap: true };
  return { kind: 'resume', after };
}
