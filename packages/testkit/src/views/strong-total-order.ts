/**
 * S17: there is one order of all messages that all processes follow in their primary views. The edges
 * from each delivery to the next, of all processes together, have no cycle.
 */
import { ViewsChecker } from './checker.ts';
import type { Message } from './history/delivery.ts';
import type { Group } from './history/group.ts';
import type { History } from './history/history.ts';
import type { Stay } from './history/stay.ts';

export class StrongTotalOrder extends ViewsChecker {
  readonly property = 'S17';
  readonly promise = 'One order of all messages holds for all processes in their primary views.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      const lists = group.stays.map(inPrimaryViews);
      // Who follows the order of timestamps everywhere needs no search for cycles.
      if (lists.every(follows)) continue;
      const cycle = knot(lists);
      if (cycle.length > 0) this.violated(`no order holds for ${textOf(cycle, group)}`);
    }
  }
}

function inPrimaryViews(stay: Stay): Message[] {
  const messages: Message[] = [];
  for (const { view, deliveries } of stay.periods()) {
    if (!view.primary) continue;
    for (const { message } of deliveries) messages.push(message);
  }
  return messages;
}

function follows(list: readonly Message[]): boolean {
  for (let index = 1; index < list.length; index += 1) {
    const [one, other] = [list[index - 1] as Message, list[index] as Message];
    const byTime = (one.timestamp ?? 0) - (other.timestamp ?? 0);
    const bySource = byTime || one.processor - other.processor;
    if (bySource > 0) return false;
    if (bySource === 0 && (one.sender !== other.sender || one.ordinal >= other.ordinal))
      return false;
  }
  return true;
}

/** What is left when messages without predecessors are taken away again and again. */
function knot(lists: readonly (readonly Message[])[]): Message[] {
  const next = new Map<Message, Message[]>();
  const waits = new Map<Message, number>();
  for (const list of lists) {
    for (const [index, message] of list.entries()) {
      if (!next.has(message)) next.set(message, []);
      if (!waits.has(message)) waits.set(message, 0);
      const before = list[index - 1];
      if (before === undefined) continue;
      next.get(before)?.push(message);
      waits.set(message, (waits.get(message) ?? 0) + 1);
    }
  }
  const free = [...waits].filter(([, count]) => count === 0).map(([message]) => message);
  for (let message = free.pop(); message !== undefined; message = free.pop()) {
    waits.delete(message);
    for (const later of next.get(message) ?? []) {
      const count = (waits.get(later) ?? 0) - 1;
      waits.set(later, count);
      if (count === 0) free.push(later);
    }
  }
  return [...waits.keys()];
}

function textOf(messages: readonly Message[], group: Group): string {
  const ids = messages.slice(0, 5).map(({ id }) => id);
  return `${ids.join(', ')}${messages.length > 5 ? ' and more' : ''} in group ${group.id}`;
}
