/** A message, and what the processes were given of it. */
import { processorOf, type RecordOf } from '../vocabulary.ts';
import type { Stay } from './stay.ts';
import type { Period } from './view.ts';

export class Message {
  readonly id: string;
  readonly sender: string;
  readonly processor: number;
  /** The record of its sending; null while there is none. */
  sent: RecordOf<'sent'> | null = null;
  /** Where its sender was when it handed it over. */
  sentIn: Period | null = null;
  /** How many messages its sender had handed over before; -1 while it was not sent. */
  ordinal = -1;
  /** How many messages of each sender, by the sender's number, came before it causally. */
  past: readonly number[] = [];
  readonly deliveries: Delivery[] = [];

  constructor(id: string, sender: string) {
    this.id = id;
    this.sender = sender;
    this.processor = processorOf(sender);
  }

  /** As the first delivery tells it; null while there is none. */
  get timestamp(): number | null {
    return this.deliveries[0]?.record.timestamp ?? null;
  }

  /**
   * Whether a process had no part in it: it entered the group by a view behind those in which the
   * message was delivered, or by one that nobody who was there before has seen.
   */
  isBefore(stay: Stay): boolean {
    const entry = stay.first.view;
    if (this.deliveries.length > 0) {
      return this.deliveries.every(({ period }) => period?.view.isBefore(entry) ?? true);
    }
    return entry.periods.every(({ previous }) => previous === null);
  }
}

export type Delivery = {
  readonly message: Message;
  readonly record: RecordOf<'delivered'>;
  /** The view in force; null when there was none. */
  readonly period: Period | null;
};
