/** What is known of one group: its views, the stays of its members, its messages. */
import type { RecordOf } from '../vocabulary.ts';
import { type Delivery, Message } from './delivery.ts';
import { Holdings } from './holdings.ts';
import { type Ending, Stay } from './stay.ts';
import { View } from './view.ts';

export class Group {
  readonly id: number;
  readonly views = new Map<string, View>();
  readonly messages = new Map<string, Message>();
  readonly holdings = new Holdings();
  /** All stays, in the order of their beginnings. */
  readonly stays: Stay[] = [];
  /** The world's word that from here on these processors are by themselves; null without it. */
  stable: RecordOf<'stable'> | null = null;
  readonly #latest = new Map<string, Stay>();
  readonly #numbers = new Map<string, number>();
  /** By the number of the sender: what it sent, in order. */
  readonly #sent: Message[][] = [];
  /** Whom processes convicted that have no view yet: newcomers in the midst of a recovery. */
  readonly #early = new Map<string, string[]>();

  constructor(id: number) {
    this.id = id;
  }

  /** The latest stay of a process here. */
  stayOf(node: string): Stay | null {
    return this.#latest.get(node) ?? null;
  }

  /**
   * The view by which a member of `view` came in, as far as anybody has seen. Who was removed before it had a view of its own may come in twice.
   */
  entryOf(node: string, view: View): View | null {
    let entry: View | null = null;
    let isIn = false;
    for (const one of this.#chainTo(view)) {
      const has = one.members.has(node);
      if (has && !isIn) entry = one;
      isIn = has;
    }
    return entry;
  }

  /** The views up to this one, oldest first. */
  #chainTo(last: View): readonly View[] {
    return [...this.views.values()]
      .filter((view) => !last.isBefore(view))
      .sort((one, other) => (one.isBefore(other) ? -1 : 1));
  }

  /** What the sender with this number handed over, in order. */
  sentBy(number: number): readonly Message[] {
    return this.#sent[number] ?? [];
  }

  /** A small number for each sender, the index of its count in causal pasts. */
  numberOf(node: string): number {
    let number = this.#numbers.get(node);
    if (number === undefined) {
      number = this.#sent.length;
      this.#numbers.set(node, number);
      this.#sent.push([]);
    }
    return number;
  }

  view(record: RecordOf<'view'>): void {
    let view = this.views.get(record.view);
    if (view === undefined) {
      view = new View(record);
      this.views.set(view.id, view);
    }
    const stay = this.stayOf(record.node);
    if (stay !== null && stay.end === null) {
      stay.enter(view, record);
      return;
    }
    const begun = new Stay(record.node, view, record);
    for (const who of this.#early.get(record.node) ?? []) begun.convict(who);
    this.#early.delete(record.node);
    this.#latest.set(record.node, begun);
    this.stays.push(begun);
  }

  sent(record: RecordOf<'sent'>): void {
    const message = this.#message(record.message, record.node);
    if (message.sent !== null) return;
    const number = this.numberOf(record.node);
    const sent = this.#sent[number] as Message[];
    const stay = this.stayOf(record.node);
    message.sent = record;
    message.ordinal = sent.length;
    message.sentIn = stay?.end === null ? stay.last : null;
    sent.push(message);
    if (stay === null) return;
    stay.known[number] = message.ordinal;
    message.past = stay.known.slice();
    stay.known[number] = sent.length;
  }

  delivered(record: RecordOf<'delivered'>): Delivery {
    const message = this.#message(record.message, record.sender);
    const stay = this.stayOf(record.node);
    const period = stay?.end === null ? stay.last : null;
    const delivery = { message, record, period };
    message.deliveries.push(delivery);
    if (period === null) return delivery;
    period.deliveries.push(delivery);
    const { known } = period.stay;
    raise(known, message.past);
    const number = this.numberOf(message.sender);
    known[number] = Math.max(known[number] ?? 0, message.ordinal + 1);
    return delivery;
  }

  convicted({ node, who }: RecordOf<'convicted'>): void {
    const stay = this.stayOf(node);
    if (stay !== null && stay.end === null) stay.convict(who);
    else this.#early.set(node, [...(this.#early.get(node) ?? []), who]);
  }

  end(record: Ending): void {
    const stay = this.stayOf(record.node);
    if (stay !== null && stay.end === null) stay.end = record;
  }

  #message(id: string, sender: string): Message {
    let message = this.messages.get(id);
    if (message === undefined) {
      message = new Message(id, sender);
      this.messages.set(id, message);
    }
    return message;
  }
}

/** Raises each count to that of the other list, where it is higher. */
export function raise(counts: number[], others: readonly number[]): void {
  for (let index = 0; index < others.length; index += 1) {
    const other = others[index] ?? 0;
    if ((counts[index] ?? 0) < other) counts[index] = other;
  }
}
