/** The causal order: S15 causal, S16 reliable causal. */
import { ViewsChecker } from './checker.ts';
import type { Delivery, Message } from './history/delivery.ts';
import { raise } from './history/group.ts';
import type { History } from './history/history.ts';
import type { Stay } from './history/stay.ts';

export class Causal extends ViewsChecker {
  readonly property = 'S15';
  readonly promise = 'No message comes after one that depends on it.';
  /** By process and number of the sender: how many messages the delivered ones depend on. */
  readonly #needed = new Map<Stay, number[]>();

  override delivered({ message, record, period }: Delivery, history: History): void {
    if (period === null || message.ordinal < 0) return;
    let needed = this.#needed.get(period.stay);
    if (needed === undefined) {
      needed = [];
      this.#needed.set(period.stay, needed);
    }
    const sender = history.group(record.group).numberOf(message.sender);
    if ((needed[sender] ?? 0) > message.ordinal) {
      this.violated(`${message.id} comes to ${record.node} after one that depends on it`, record);
    }
    raise(needed, message.past);
  }
}

type Lack = { readonly delivery: Delivery; readonly stay: Stay; readonly missing: Message };

export class ReliableCausal extends ViewsChecker {
  readonly property = 'S16';
  readonly promise = 'Who is given a message was given all that it depends on, since it is in.';
  readonly #given = new Map<Stay, number[]>();
  readonly #lacks: Lack[] = [];

  override delivered(delivery: Delivery, history: History): void {
    const { message, record, period } = delivery;
    if (period === null || message.ordinal < 0) return;
    const { stay } = period;
    let given = this.#given.get(stay);
    if (given === undefined) {
      given = [];
      this.#given.set(stay, given);
    }
    const group = history.group(record.group);
    for (let sender = 0; sender < message.past.length; sender += 1) {
      const needed = message.past[sender] ?? 0;
      if (needed <= (given[sender] ?? 0)) continue;
      const missing = group.sentBy(sender)[needed - 1];
      if (missing !== undefined) this.#lacks.push({ delivery, stay, missing });
      // Noted once: a newcomer never gets what came before it.
      given[sender] = needed;
    }
    const sender = group.numberOf(message.sender);
    given[sender] = Math.max(given[sender] ?? 0, message.ordinal + 1);
  }

  /** Whether a newcomer had to be given it is known when all was delivered. */
  override finish(): void {
    for (const { delivery, stay, missing } of this.#lacks) {
      const { message, record } = delivery;
      const isOwn = missing.sender === message.sender;
      if (isOwn && missing.sentIn?.stay !== message.sentIn?.stay) continue;
      if (missing.isBefore(stay)) continue;
      const text = `${record.node} is given ${message.id}, which depends on ${missing.id}`;
      this.violated(`${text}, without that`, record);
    }
    this.#lacks.length = 0;
  }
}
