/** The order of each sender: S13 FIFO, S14 reliable FIFO. */
import { ViewsChecker } from './checker.ts';
import type { Delivery, Message } from './history/delivery.ts';
import type { Group } from './history/group.ts';
import type { History } from './history/history.ts';
import type { Stay } from './history/stay.ts';

export class Fifo extends ViewsChecker {
  readonly property = 'S13';
  readonly promise = 'Messages of one sender come in the order in which it sent them.';
  readonly #last = new Map<Stay, Map<string, Message>>();

  override delivered({ message, record, period }: Delivery): void {
    if (period === null || message.ordinal < 0) return;
    let bySender = this.#last.get(period.stay);
    if (bySender === undefined) {
      bySender = new Map();
      this.#last.set(period.stay, bySender);
    }
    const last = bySender.get(message.sender);
    if (last !== undefined && last.ordinal > message.ordinal) {
      this.violated(`${record.node} is given ${message.id} after ${last.id}`, record);
    } else {
      bySender.set(message.sender, message);
    }
  }
}

export class ReliableFifo extends ViewsChecker {
  readonly property = 'S14';
  readonly promise =
    'Who is given a message was given every message that its sender sent before, since both are in.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const stay of group.stays) this.#judge(stay, group);
    }
  }

  #judge(stay: Stay, group: Group): void {
    const counts: number[] = [];
    for (const { deliveries } of stay.periods()) {
      for (const { message, record } of deliveries) {
        const sender = group.numberOf(message.sender);
        const count = counts[sender] ?? 0;
        counts[sender] = Math.max(count, message.ordinal + 1);
        // One step back is enough: the gap's last message tells whether the gap is one.
        const before = group.sentBy(sender)[message.ordinal - 1];
        if (before === undefined || before.ordinal < count) continue;
        if (before.sentIn?.stay !== message.sentIn?.stay || before.isBefore(stay)) continue;
        this.violated(`${stay.node} is given ${message.id} without ${before.id}`, record);
      }
    }
  }
}
