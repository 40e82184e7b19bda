/**
 * S28: additions and removals take effect at their place in the order: what is delivered before such a
 * view has no later timestamp than it, what is delivered in it no earlier one; and a newcomer's first message is the
 * first that the members were given in that view.
 */
import { ViewsChecker } from './checker.ts';
import type { Delivery } from './history/delivery.ts';
import type { History } from './history/history.ts';
import type { Period, View } from './history/view.ts';

export class VoluntaryChanges extends ViewsChecker {
  readonly property = 'S28';
  readonly promise =
    'Additions and removals take effect at their place in the order, where newcomers begin.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const view of group.views.values()) {
        const isVoluntary = view.periods.some(
          ({ record: { cause } }) => cause === 'added' || cause === 'removed',
        );
        if (isVoluntary) for (const period of view.periods) this.#place(period, view);
        this.#newcomers(view);
      }
    }
  }

  #place({ previous, deliveries }: Period, view: View): void {
    const before = previous?.deliveries.at(-1);
    if (before !== undefined && before.record.timestamp > view.timestamp) this.#late(before, view);
    const after = deliveries[0];
    if (after !== undefined && after.record.timestamp < view.timestamp) {
      const { node, message, timestamp } = after.record;
      this.violated(`${message} (${timestamp}) comes to ${node} after ${view.id}`, after.record);
    }
  }

  #late({ record }: Delivery, view: View): void {
    const { node, message, timestamp } = record;
    this.violated(`${message} (${timestamp}) comes to ${node} before ${view.id}`, record);
  }

  /** A newcomer that is cut off may begin with what the members were never given (S29). */
  #newcomers(view: View): void {
    const member = view.periods.find(
      ({ previous, deliveries, isCutOff }) =>
        previous !== null && deliveries.length > 0 && !isCutOff,
    );
    const expected = member?.deliveries[0]?.message;
    if (member === undefined || expected === undefined) return;
    for (const { previous, deliveries, isCutOff } of view.periods) {
      const first = deliveries[0];
      if (previous !== null || first === undefined || first.message === expected) continue;
      if (isCutOff && !member.deliveries.some(({ message }) => message === first.message)) continue;
      const text = `${first.record.node} begins with ${first.message.id}`;
      this.violated(`${text}, ${member.node} went on with ${expected.id}`, first.record);
    }
  }
}
