/**
 * S5: the primary views of a group are one chain. The predecessor of a primary view is the last primary
 * view that one of its members was in before. A view that newcomers alone were given, since the others crashed, or were excluded,
 * on the way to it, continues the last one that those others were in.
 */
import { ViewsChecker } from './checker.ts';
import type { Group } from './history/group.ts';
import type { History } from './history/history.ts';
import type { Period, View } from './history/view.ts';

export class PrimaryChain extends ViewsChecker {
  readonly property = 'S5';
  readonly promise =
    'Each primary view but the first has one primary predecessor, which has no other successor.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) this.#chain(group);
  }

  #chain(group: Group): void {
    let first: View | null = null;
    const successors = new Map<View, View>();
    for (const view of group.views.values()) {
      if (!view.primary) continue;
      const predecessors = new Set<View>();
      for (const period of view.periods) {
        const before = lastPrimary(period.previous);
        if (before !== null) predecessors.add(before);
      }
      if (predecessors.size === 0) {
        const before = lastOfThoseMissing(group, view);
        if (before !== null) predecessors.add(before);
      }
      if (predecessors.size > 1) {
        const ids = [...predecessors].map(({ id }) => id);
        this.violated(`${view.id} continues ${ids.join(' and ')}`, view.record);
      }
      if (predecessors.size === 0) {
        if (first === null) first = view;
        else this.violated(`${view.id} continues nothing, as ${first.id} does`, view.record);
      }
      for (const predecessor of predecessors) {
        const rival = successors.get(predecessor);
        if (rival === undefined) successors.set(predecessor, view);
        else this.violated(`${rival.id} and ${view.id} continue ${predecessor.id}`, view.record);
      }
    }
  }
}

/** The last primary view of the members that ended and were never given this one: it has all of its members but the newcomers. */
function lastOfThoseMissing(group: Group, view: View): View | null {
  let last: View | null = null;
  const newcomers = new Set(view.periods.map(({ node }) => node));
  const older = [...view.members].filter((member) => !newcomers.has(member));
  for (const member of older) {
    const stay = group.stayOf(member);
    if (stay?.end == null || stay.end.kind === 'left') continue;
    const before = lastPrimary(stay.last);
    if (before === null || !before.isBefore(view)) continue;
    if (!older.every((one) => before.members.has(one))) continue;
    if (last === null || last.isBefore(before)) last = before;
  }
  return last;
}

function lastPrimary(from: Period | null): View | null {
  let period = from;
  while (period !== null && !period.view.primary) period = period.previous;
  return period?.view ?? null;
}
