/** Lists of one view beside each other: S19 reliable total order, S29 the prefix of who was cut off. */
import { ViewsChecker } from './checker.ts';
import type { Delivery, Message } from './history/delivery.ts';
import type { History } from './history/history.ts';
import { firstDifference } from './history/transitions.ts';
import type { Period, View } from './history/view.ts';
import type { RecordKind, ViewsRecord } from './vocabulary.ts';

export class ReliableTotalOrder extends ViewsChecker {
  readonly property = 'S19';
  readonly promise =
    'In a view, all lists of messages are prefixes of the longest, but of those who were cut off there.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const view of group.views.values()) {
        const periods = view.periods.filter((period) => !period.isCutOff);
        const longest = longestOf(periods);
        for (const period of periods) {
          if (longest !== null && period !== longest) this.#compare(period, longest);
        }
      }
    }
  }

  #compare({ node, view, deliveries }: Period, longest: Period): void {
    const at = firstDifference(deliveries, longest.deliveries);
    if (at === -1 || at === deliveries.length) return;
    const one = deliveries[at] as Delivery;
    const text = `number ${at + 1} in ${view.id} is ${one.message.id} at ${node}`;
    const other = longest.deliveries[at]?.message.id;
    this.violated(`${text}, ${other} at ${longest.node}`, one.record);
  }
}

/**
 * S29. Condition: who is cut off may have been given agreed messages that were not stable; the
 * survivors then go on without them.
 */
export class ExcludedPrefix extends ViewsChecker {
  readonly property = 'S29';
  readonly promise =
    'Who was cut off in a view was given a prefix of what the survivors were given there; beyond that at most agreed messages that were not stable, no safe ones.';

  override readonly sees: readonly RecordKind[] = ['acked'];
  /** What was acknowledged last in each period. */
  readonly #acks = new Map<Period, number>();

  override see(record: ViewsRecord, history: History): void {
    if (record.kind !== 'acked') return;
    const stay = history.group(record.group).stayOf(record.node);
    if (stay !== null && stay.end === null) this.#acks.set(stay.last, record.ack);
  }

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const view of group.views.values()) {
        // Those who went on: their lists are complete.
        const survivor = view.periods.find(({ next, isCutOff }) => next !== null && !isCutOff);
        if (survivor === undefined) continue;
        for (const period of view.periods) {
          if (period.isCutOff) this.#compare(period, survivor);
        }
      }
    }
  }

  #compare(period: Period, survivor: Period): void {
    const { node, view, deliveries } = period;
    const kept = new Set<Message>(survivor.deliveries.map(({ message }) => message));
    let place = 0;
    for (const { message, record } of deliveries) {
      if (!kept.has(message)) {
        const why = this.#reproach(message, view);
        if (why === null) continue;
        this.violated(`${node} was given ${message.id}, which ${why}, the survivors not`, record);
      } else if (survivor.deliveries[place]?.message === message) {
        place += 1;
      } else {
        const expected = survivor.deliveries[place]?.message.id;
        const text = `number ${place + 1} in ${view.id} is ${message.id} at ${node}`;
        this.violated(`${text}, ${expected} at ${survivor.node}`, record);
        return;
      }
    }
  }

  /**
   * Why the survivors should have been given it too; null when they need not. A message is stable when all
   * have acknowledged it: who is about to go on without its sender may hold it, and does not count it.
   */
  #reproach(message: Message, view: View): string | null {
    const { record } = message.deliveries[0] as Delivery;
    if (record.delivery === 'safe') return 'is safe';
    const acknowledged = new Set<string>();
    for (const period of view.periods) {
      if ((this.#acks.get(period) ?? 0) >= record.timestamp) acknowledged.add(period.node);
    }
    return [...view.members].every((member) => acknowledged.has(member)) ? 'is stable' : null;
  }
}

function longestOf(periods: readonly Period[]): Period | null {
  let longest: Period | null = null;
  for (const period of periods) {
    if (longest === null || period.deliveries.length > longest.deliveries.length) longest = period;
  }
  return longest;
}
