/** Joining and rejoining, one group or several related ones in one step (paper §3.3, §7.2). */
import { relation } from '@choir/protocol';
import type { Command } from './command.ts';
import type { JoinedGroup } from './effect.ts';
import type { Group } from './group.ts';
import { enter } from './membership.ts';
import { create } from './message.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';

type Join = Extract<Command, { kind: 'join' }>;
type Target = Join['targets'][number];

export function join(step: Step, state: State, command: Join): void {
  const client = state.clients.get(command.client);
  if (client === undefined || client.session !== command.session) return;
  const { session, requestId, targets } = command;
  const related = new Set(targets.map(({ group }) => relation(group))).size <= 1;
  if (!related) {
    const message = 'The groups of one join must agree up to the first slash.';
    step.add({ kind: 'join_refused', session, requestId, code: 'CROSS_SHARD', message });
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

/**
 * A client that names where it was resumes there, if that was in this group and not in an earlier one
 * of the same name. Anything else is a new start from the state; `gap` tells a client that had one.
 */
function answer(step: Step, group: Group, { created, after }: Target): JoinedGroup['answer'] {
  if (after === undefined) return { kind: 'transfer', gap: false };
  if (created !== group.id || after.seq > step.seq) return { kind: 'transfer', gap: true };
  return { kind: 'resume', after };
}
