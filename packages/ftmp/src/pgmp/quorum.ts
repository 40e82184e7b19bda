/**
 * Dynamic linear voting: the quorums of a view.
 *
 * Q1 Two quorums of one view have a member in common.
 */
import type { ProcessorId } from '../ids.ts';

/**
 * More than half of the view, or half of it with its highest-ranked member.
 *
 * @param view the members, highest rank first; an empty one has no quorum
 */
export function isQuorum(view: readonly ProcessorId[], has: (id: ProcessorId) => boolean): boolean {
  let present = 0;
  for (const id of view) if (has(id)) present += 1;
  const [highest] = view;
  if (highest === undefined) return false;
  return 2 * present > view.length || (2 * present === view.length && has(highest));
}
