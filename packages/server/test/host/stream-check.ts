/**
 * Judges what one connection was sent against the log: every delivery of a group from where it began, in
 * order, none twice, none missing; its own exclusive messages as acks in their places (C5, C8, C10).
 */
import type { JournalRow } from '@choir/journal';
import type { Delivery, FromServer } from '@choir/protocol';
import { decode } from '../names.ts';

type Following = {
  readonly space: number;
  last: number;
  /** Position of the join: an own end before it is of an earlier membership. */
  readonly joined: number;
  ended: boolean;
};

export class StreamCheck {
  readonly #client: string;
  readonly #rows = new Map<number, Delivery[]>();
  readonly #following = new Map<string, Following>();
  #judged = 0;

  constructor(client: string, log: Iterable<JournalRow>) {
    this.#client = client;
    for (const { space, bytes } of log) {
      const [message] = decode(bytes);
      if (message?.kind !== 'delivery') throw new Error('a row is not a delivery');
      const rows = this.#rows.get(space) ?? [];
      this.#rows.set(space, [...rows, message]);
    }
    for (const rows of this.#rows.values()) rows.sort((one, other) => one.at.seq - other.at.seq);
  }

  /** Deliveries judged. */
  get judged(): number {
    return this.#judged;
  }

  judge(messages: readonly FromServer[]): void {
    for (const message of messages) this.#take(message);
  }

  /** Everything that was followed to the end was received to the end. */
  judgeEnd(): void {
    for (const [group, following] of this.#following) {
      if (!following.ended) this.#nothingBetween(group, following, Number.MAX_SAFE_INTEGER);
    }
  }

  #take(message: FromServer): void {
    switch (message.kind) {
      case 'transfer_begin':
        if (message.purpose !== 'join') return;
        this.#following.set(message.group, {
          space: message.created,
          last: message.at.seq,
          joined: message.at.seq,
          ended: false,
        });
        return;
      case 'resume_begin':
        this.#following.set(message.group, {
          space: message.created,
          last: message.after.seq,
          joined: message.at.seq,
          ended: false,
        });
        return;
      case 'resume_end':
        // The membership may have ended within the block.
        if (this.#following.get(message.group)?.ended !== true) {
          this.#reach(message.group, message.at.seq);
        }
        return;
      case 'delivery':
        this.#deliver(message);
        return;
      case 'ack':
        this.#ack(message);
        return;
      default:
    }
  }

  #deliver(delivery: Delivery): void {
    const following = this.#reach(delivery.group, delivery.at.seq - 1);
    const row = this.#rowAt(following.space, delivery.at.seq);
    if (JSON.stringify(row) !== JSON.stringify(delivery)) {
      throw new Error(`${delivery.group} ${delivery.at.seq} is not as in the log`);
    }
    following.last = delivery.at.seq;
    this.#judged += 1;
    const ends = delivery.events.some((event) => this.#isEnd(event));
    if (ends && delivery.at.seq > following.joined) following.ended = true;
  }

  #ack({ group, at, localId }: Extract<FromServer, { kind: 'ack' }>): void {
    const following = this.#following.get(group);
    if (following === undefined || following.ended || at.seq <= following.last) return;
    const row = this.#rowAt(following.space, at.seq);
    const own = row?.events.every(
      (event) =>
        event.kind === 'bcast' &&
        event.exclusive &&
        event.senderId === this.#client &&
        event.localId === localId,
    );
    if (own !== true) return;
    this.#reach(group, at.seq - 1).last = at.seq;
    this.#judged += 1;
  }

  /** Moves on to a position, if nothing was left out. */
  #reach(group: string, seq: number): Following {
    const following = this.#following.get(group);
    if (following === undefined || following.ended) throw new Error(`${group} is not followed`);
    if (seq < following.last)
      throw new Error(`${group} goes back from ${following.last} to ${seq}`);
    this.#nothingBetween(group, following, seq);
    following.last = seq;
    return following;
  }

  #nothingBetween(group: string, { space, last }: Following, seq: number): void {
    const missed = (this.#rows.get(space) ?? []).find(({ at }) => at.seq > last && at.seq <= seq);
    if (missed !== undefined) {
      throw new Error(`${this.#client} missed ${group} ${missed.at.seq} after ${last}`);
    }
  }

  #rowAt(space: number, seq: number): Delivery | undefined {
    return this.#rows.get(space)?.find(({ at }) => at.seq === seq);
  }

  #isEnd(event: Delivery['events'][number]): boolean {
    if (event.kind === 'group_deleted') return true;
    return event.kind === 'non_member' && event.clientId === this.#client;
  }
}
