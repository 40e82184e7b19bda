/** The groups of a host: every turn of the thread is told to those whom it concerns. */
import type { GroupId, ProcessorId } from '@choir/ftmp';
import { DriverError } from '../driver-error.ts';
import { DeliveryReader } from './deliveries.ts';
import { EventQueue } from './event-queue.ts';
import type { Listener } from './group-event.ts';
import { Membership } from './membership.ts';
import type { Turn } from './thread-link.ts';
import type { Amount } from './thread-message.ts';

export class Memberships {
  readonly #all = new Map<GroupId, Membership>();
  readonly #queues = new Map<GroupId, EventQueue>();
  readonly #read: () => void;

  /** @param read is told when a message was read from a queue */
  constructor(read: () => void) {
    this.#read = read;
  }

  /**
   * @param listener without one, events are queued
   * @throws DriverError `drivers-option` when the group was joined before
   */
  join(group: GroupId, listener: Listener | undefined): Membership {
    if (this.#all.has(group)) {
      throw new DriverError(
        'drivers-option',
        `Group ${group} was joined before by this host: open a new one to join it again.`,
      );
    }
    const membership = new Membership(group, listener ?? this.#queued(group));
    this.#all.set(group, membership);
    return membership;
  }

  get(group: GroupId): Membership | undefined {
    return this.#all.get(group);
  }

  queue(group: GroupId): EventQueue | undefined {
    return this.#queues.get(group);
  }

  /** The id of the next incarnation, when the present one is over in this turn. */
  turn({ parcel, occurrences }: Turn): ProcessorId | null {
    for (const amount of parcel.amounts) this.#all.get(amount.group)?.give(amount);
    const reader = new DeliveryReader(parcel.bytes);
    let before = 0;
    let next: ProcessorId | null = null;
    for (const [at, occurrence] of occurrences) {
      this.#deliver(reader, at - before);
      before = at;
      if (occurrence.kind === 'excluded') next = occurrence.rejoins ?? next;
      this.#all.get(occurrence.group)?.tell(occurrence);
    }
    this.#deliver(reader, Number.POSITIVE_INFINITY);
    return next;
  }

  /** What was taken and not told, of groups where it is at least so many bytes. */
  taken(least: number): readonly Amount[] {
    const amounts: Amount[] = [];
    for (const membership of this.#all.values()) {
      const amount = membership.takeTaken(least);
      if (amount !== null) amounts.push(amount);
    }
    return amounts;
  }

  ended(error: DriverError | null): void {
    for (const membership of this.#all.values()) {
      membership.tell({ kind: 'closed', group: membership.group, error });
    }
  }

  #queued(group: GroupId): Listener {
    const queue = new EventQueue(({ bytes }) => {
      this.#all.get(group)?.took(bytes.length);
      this.#read();
    });
    this.#queues.set(group, queue);
    return (event) => queue.push(event);
  }

  #deliver(reader: DeliveryReader, count: number): void {
    for (let n = 0; n < count; n += 1) {
      const delivery = reader.next();
      if (delivery === null) return;
      const { group, sender, timestamp, safe, transitional, bytes } = delivery;
      const kind = 'message';
      const membership = this.#all.get(group);
      membership?.tell({ kind, group, sender, timestamp, safe, transitional, bytes });
      if (!this.#queues.has(group)) membership?.took(bytes.length);
    }
  }
}
