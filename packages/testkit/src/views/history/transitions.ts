/** The processes that went from one view to the next together. */
import type { Delivery } from './delivery.ts';
import type { History } from './history.ts';
import type { Period, View } from './view.ts';

export type Transition = {
  readonly from: View;
  readonly to: View;
  /** In `from`, of those whose next view is `to`; at least one. */
  readonly periods: readonly Period[];
};

export function* transitions({ groups }: History): Generator<Transition> {
  for (const group of groups.values()) {
    for (const to of group.views.values()) {
      const byOrigin = new Map<View, Period[]>();
      for (const { previous } of to.periods) {
        if (previous === null) continue;
        const periods = byOrigin.get(previous.view);
        if (periods === undefined) byOrigin.set(previous.view, [previous]);
        else periods.push(previous);
      }
      for (const [from, periods] of byOrigin) yield { from, to, periods };
    }
  }
}

/** The first index at which the lists hold different messages, or one of them ends; -1 if none. */
export function firstDifference(one: readonly Delivery[], other: readonly Delivery[]): number {
  const shorter = Math.min(one.length, other.length);
  for (let index = 0; index < shorter; index += 1) {
    if (one[index]?.message !== other[index]?.message) return index;
  }
  return one.length === other.length ? -1 : shorter;
}
