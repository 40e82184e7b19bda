/**
 * S24: a process is given its own messages. In each view that it leaves by the next, or rests in, it
 * was given what others were given of it there, and none of its messages was passed over.
 */
import { ViewsChecker } from './checker.ts';
import type { Message } from './history/delivery.ts';
import type { History } from './history/history.ts';

export class SelfDelivery extends ViewsChecker {
  readonly property = 'S24';
  readonly promise =
    'A process is given its own messages, in the view in which others are given them.';

  override finish(history: History): void {
    for (const group of history.groups.values()) {
      for (const message of group.messages.values()) this.#judge(message, history);
      for (const stay of group.stays) {
        const own = group.sentBy(group.numberOf(stay.node));
        const last = own.findLastIndex((message) => isGivenTo(stay.node, message));
        for (const message of own.slice(0, Math.max(last, 0))) {
          if (message.sentIn?.stay !== stay || isGivenTo(stay.node, message)) continue;
          this.violated(`${stay.node} was given ${own[last]?.id}, not ${message.id}`, message.sent);
        }
      }
    }
  }

  #judge(message: Message, history: History): void {
    const { id, sender, sent, deliveries } = message;
    const view = deliveries[0]?.period?.view;
    if (sent === null || view === undefined || isGivenTo(sender, message)) return;
    const own = view.periods.find(({ node }) => node === sender);
    if (own === undefined || !history.isOver(own) || own.isCutOff) return;
    const text = `${sender} was not given its own ${id}`;
    this.violated(`${text}, as ${deliveries[0]?.record.node} was in ${view.id}`, sent);
  }
}

function isGivenTo(node: string, { deliveries }: Message): boolean {
  return deliveries.some(({ record }) => record.node === node);
}
