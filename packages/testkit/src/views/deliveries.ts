/** What holds for each message alone: S6 integrity, S7 no duplication, S9 same view delivery. */
import { ViewsChecker } from './checker.ts';
import type { Delivery } from './history/delivery.ts';
import type { History } from './history/history.ts';

export class DeliveryIntegrity extends ViewsChecker {
  readonly property = 'S6';
  readonly promise = 'What is delivered was sent before, by its sender, with this content.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const { id, sent, deliveries } of group.messages.values()) {
        for (const { record } of deliveries) {
          if (sent === null) this.violated(`${id} was never sent`, record);
          else if (sent.node !== record.sender)
            this.violated(`${id} of ${sent.node} comes from ${record.sender}`, record);
          else if (sent.t > record.t) this.violated(`${id} comes before it was sent`, record);
          else if (sent.data !== record.data)
            this.violated(`${id} is ${record.data}, was sent as ${sent.data}`, record);
          else if (sent.delivery !== record.delivery)
            this.violated(`${id} is ${record.delivery}, was sent ${sent.delivery}`, record);
        }
      }
    }
  }
}

export class NoDuplication extends ViewsChecker {
  readonly property = 'S7';
  readonly promise = 'No process is given a message twice.';

  override delivered({ message, record }: Delivery): void {
    const times = message.deliveries.reduce(
      (count, { record: { node } }) => count + (node === record.node ? 1 : 0),
      0,
    );
    if (times > 1) this.violated(`${record.node} is given ${message.id} again`, record);
  }
}

export class SameViewDelivery extends ViewsChecker {
  readonly property = 'S9';
  readonly promise = 'All who are given a message are given it in the same view.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const { id, deliveries } of group.messages.values()) {
        const view = deliveries[0]?.period?.view ?? null;
        for (const { record, period } of deliveries) {
          if (period === null || view === null || period.view === view) continue;
          const text = `${id} comes in ${view.id}, and in ${period.view.id} at ${record.node}`;
          this.violated(text, record);
        }
      }
    }
  }
}
