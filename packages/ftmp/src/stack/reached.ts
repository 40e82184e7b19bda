/** Whom a message of this processor has to reach: the other members, and those who are being added. */
import type { ProcessorId } from '../ids.ts';
import type { GroupState } from './group-state.ts';

export function reached({ changes, others, self }: GroupState): readonly ProcessorId[] {
  if (changes.length === 0) return others;
  const all = new Set(others);
  for (const { body } of changes) if (body.type === 'addProcessor') all.add(body.newMember.id);
  all.delete(self);
  return [...all];
}
