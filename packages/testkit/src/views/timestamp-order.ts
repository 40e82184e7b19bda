/**
 * S20: the concrete order of FTMP. In a view messages come by timestamp, then by source; a message has
 * one timestamp everywhere, later than those of all messages that its sender was given before.
 */
import { ViewsChecker } from './checker.ts';
import type { Delivery, Message } from './history/delivery.ts';
import type { History } from './history/history.ts';
import type { RecordKind, ViewsRecord } from './vocabulary.ts';

export class TimestampOrder extends ViewsChecker {
  readonly property = 'S20';
  readonly promise =
    'Messages come by timestamp, then source; timestamps rise with causality and from each source.';
  override readonly sees: readonly RecordKind[] = ['sent'];
  /** When a message was handed over: the last that its sender had been given. */
  readonly #after = new Map<Message, Delivery>();

  override see(record: ViewsRecord, history: History): void {
    if (record.kind !== 'sent') return;
    const message = history.group(record.group).messages.get(record.message);
    const last = message?.sentIn === null ? undefined : lastOf(message);
    if (message !== undefined && last !== undefined) this.#after.set(message, last);
  }

  override delivered({ message, record, period }: Delivery, history: History): void {
    const { node, timestamp } = record;
    const group = history.group(record.group);
    const own = group.sentBy(group.numberOf(message.sender))[message.ordinal - 1];
    if ((own?.timestamp ?? 0) > timestamp) {
      const text = `${message.id} (${timestamp}) was sent after ${own?.id}`;
      this.violated(`${text} (${own?.timestamp})`, record);
    }
    if (timestamp !== message.timestamp) {
      this.violated(
        `${message.id} has ${timestamp} at ${node}, ${message.timestamp} before`,
        record,
      );
    }
    const cause = this.#after.get(message)?.record;
    if (cause !== undefined && cause.timestamp >= timestamp) {
      const text = `${message.id} (${timestamp}) was sent after ${cause.message}`;
      this.violated(`${text} (${cause.timestamp}) was delivered to its sender`, record);
    }
    const before = period?.deliveries.at(-2);
    if (before === undefined || follows(before, message, timestamp)) return;
    const text = `${message.id} (${timestamp}) comes to ${node} after ${before.message.id}`;
    this.violated(`${text} (${before.record.timestamp})`, record);
  }
}

/** Messages that share a datagram share its timestamp. */
function follows(before: Delivery, message: Message, timestamp: number): boolean {
  if (before.record.timestamp !== timestamp) return before.record.timestamp < timestamp;
  if (before.message.sender === message.sender) return true;
  return before.message.processor < message.processor;
}

function lastOf(message: Message | undefined): Delivery | undefined {
  let period = message?.sentIn ?? null;
  while (period !== null && period.deliveries.length === 0) period = period.previous;
  return period?.deliveries.at(-1);
}
