/**
 * L5 is not promised, only measured: from handing a message over to its last delivery. Messages that
 * were delivered to nobody have no figure.
 */
import type { History } from './history/history.ts';

export class DeliveryTimes {
  readonly figures: number[] = [];

  finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const { sent, deliveries } of group.messages.values()) {
        const last = deliveries.at(-1);
        if (sent !== null && last !== undefined) this.figures.push(last.record.t - sent.t);
      }
    }
  }
}
