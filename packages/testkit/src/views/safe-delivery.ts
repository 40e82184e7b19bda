/**
 * S21. When a safe message is delivered, every member of the view holds it and all that was delivered
 * before it there, but those whom the process waits for no more (it convicted them). All others who were in the view
 * deliver it. Condition: not transitional; of those S10 says that all who go on are given them.
 */
import { ViewsChecker } from './checker.ts';
import type { Delivery } from './history/delivery.ts';
import type { History } from './history/history.ts';
import type { Period } from './history/view.ts';

export class SafeDelivery extends ViewsChecker {
  readonly property = 'S21';
  readonly promise =
    'A safe message is held by every member when it is delivered, and delivered by everyone who is not cut off.';
  /** How many deliveries of a period are known to be stable. */
  readonly #stable = new Map<Period, number>();

  override delivered({ record, period }: Delivery, history: History): void {
    if (period === null || record.delivery !== 'safe' || record.transitional === true) return;
    const { holdings } = history.group(record.group);
    const { deliveries, view, stay } = period;
    for (let index = this.#stable.get(period) ?? 0; index < deliveries.length; index += 1) {
      const { message, record: earlier } = deliveries[index] as Delivery;
      const holding = holdings.byTimestamp(message.sender, earlier.timestamp);
      if (holding !== null && holding.stableIn === view.id) continue;
      let isStable = true;
      for (const member of view.members) {
        if (holding?.holders.has(member)) continue;
        isStable = false;
        if (stay.convicted.has(member)) continue;
        const text = `${record.node} is given the safe ${record.message} while ${member} lacks`;
        this.violated(
          `${text} ${message === deliveries.at(-1)?.message ? 'it' : message.id}`,
          record,
        );
      }
      if (isStable && holding !== null) holding.stableIn = view.id;
    }
    this.#stable.set(period, deliveries.length);
  }

  override finish(history: History): void {
    for (const group of history.groups.values()) {
      for (const { id, sent, deliveries } of group.messages.values()) {
        const view = deliveries[0]?.period?.view;
        if (sent?.delivery !== 'safe' || view === undefined) continue;
        if (deliveries.length >= view.periods.length) continue;
        const given = new Set(deliveries.map(({ record }) => record.node));
        for (const period of view.periods) {
          if (given.has(period.node) || !history.isOver(period) || period.isCutOff) continue;
          this.violated(`${period.node} was not given the safe ${id} in ${view.id}`, period.record);
        }
      }
    }
  }
}
