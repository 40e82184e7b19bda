/**
 * What holds among those who go from one view to the next together: S10 virtual synchrony, S18 weak
 * total order, S27 the view at one place among the messages.
 */
import { ViewsChecker } from './checker.ts';
import type { Message } from './history/delivery.ts';
import type { History } from './history/history.ts';
import { firstDifference, transitions } from './history/transitions.ts';
import type { Period } from './history/view.ts';

export class VirtualSynchrony extends ViewsChecker {
  readonly property = 'S10';
  readonly promise =
    'Who goes from one view to the next together was given the same messages there.';

  override finish(history: History): void {
    for (const { to, periods } of transitions(history)) {
      const [one, ...others] = periods as [Period, ...Period[]];
      for (const other of others) {
        if (firstDifference(one.deliveries, other.deliveries) === -1) continue;
        const only = lacking(one, other) ?? lacking(other, one);
        if (only !== null) this.violated(`${only} before ${to.id}`, other.next?.record);
      }
    }
  }
}

/** What one was given and the other not, in words. */
function lacking(one: Period, other: Period): string | null {
  const given = new Set(other.deliveries.map(({ message }) => message));
  const missed = one.deliveries.find(({ message }) => !given.has(message));
  if (missed === undefined) return null;
  return `${one.node} was given ${missed.message.id}, ${other.node} was not`;
}

export class WeakTotalOrder extends ViewsChecker {
  readonly property = 'S18';
  readonly promise =
    'Who goes from one view to the next together was given the messages in one order.';

  override finish(history: History): void {
    for (const { from, periods } of transitions(history)) {
      const [one, ...others] = periods as [Period, ...Period[]];
      for (const other of others) {
        if (firstDifference(one.deliveries, other.deliveries) === -1) continue;
        this.#compare(one, other, from.id);
      }
    }
  }

  #compare(one: Period, other: Period, view: string): void {
    const places = new Map<Message, number>();
    for (const [place, { message }] of one.deliveries.entries()) places.set(message, place);
    let last = -1;
    let lastId = '';
    for (const { message, record } of other.deliveries) {
      const place = places.get(message);
      if (place === undefined) continue;
      if (place < last) {
        const text = `${other.node} was given ${lastId} before ${message.id} in ${view}`;
        this.violated(`${text}, ${one.node} after it`, record);
        return;
      }
      last = place;
      lastId = message.id;
    }
  }
}

export class ViewPositions extends ViewsChecker {
  readonly property = 'S27';
  readonly promise = 'Who goes from one view to the next together sees the change at one place.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const { id, deliveries } of group.messages.values()) {
        const first = deliveries[0]?.period ?? null;
        if (first === null || deliveries.every(({ period }) => period?.view === first.view))
          continue;
        for (const before of deliveries) {
          const next = before.period?.next?.view;
          const after = deliveries.find(
            ({ period }) =>
              period !== null &&
              period.view === next &&
              period.previous?.view === before.period?.view,
          );
          if (after === undefined) continue;
          const text = `${id} comes before ${next?.id} at ${before.record.node}`;
          this.violated(`${text}, and after it at ${after.record.node}`, after.record);
        }
      }
    }
  }
}
