/**
 * The feed: sends every session what its stream holds between its cursor and the head, as far as there
 * is room. There is no other path to a client for what is in the log.
 *
 * C1 (property list): only committed entries were applied, so nothing else can be sent.
 * F1 A session without room falls behind and costs nobody anything; it is fed later, from the tails
 *    or, when they no longer reach back, from rows.
 * F2 All deliveries of one position are sent together, then the items of that position.
 */
import type { GroupId, GroupName } from '@choir/protocol';
import type { Delivered } from './delivered.ts';
import type { FeedContext } from './feed-context.ts';
import type { Item, Session } from './session.ts';
import { sendStretch } from './stretch-sending.ts';
import type { Subscription } from './subscription.ts';

type Sendable = { readonly delivered: Delivered; readonly subscription: Subscription };

export class Feed {
  readonly #context: FeedContext;

  constructor(context: FeedContext) {
    this.#context = context;
  }

  run(sessions: readonly Session[]): void {
    for (const session of sessions) {
      session.ready = false;
      if (!session.ended) this.#feed(session);
    }
  }

  #feed(session: Session): void {
    const head = this.#context.log.head.seq;
    for (;;) {
      if (session.block !== null) {
        if (!session.block.advance()) return;
        session.block = null;
        session.blocks -= 1;
      }
      const item = session.items.peek();
      const target = item === undefined ? head : item.seq;
      if (session.cursor < target && !this.#deliver(session, target)) return;
      if (item === undefined) break;
      if (session.connection.room <= 0) return;
      session.items.shift();
      this.#perform(session, item);
    }
    session.caughtUp();
    sendVolatiles(session);
  }

  /** Moves the cursor to `target`; false when it has to wait on the way. */
  #deliver(session: Session, target: number): boolean {
    const { news } = session;
    while (session.cursor < target) {
      const only = news.length === 1 ? news[0] : undefined;
      if (news.length === 0) {
        session.cursor = target;
      } else if (only === undefined || only.fullSince > session.cursor) {
        if (!this.#merge(session, target)) return false;
      } else {
        const range = { stream: only.stream, after: session.cursor, upTo: target };
        const sent = sendStretch(this.#context, session, range);
        if (sent === 'no-room') return false;
        if (typeof sent === 'number') session.cursor = sent;
        else if (!this.#merge(session, target)) return false;
      }
    }
    return true;
  }

  /** Sends the deliveries of several groups by position, as far as all of them are known. */
  #merge(session: Session, target: number): boolean {
    const { cursor, connection } = session;
    const sendable: Sendable[] = [];
    let bound = target;
    for (const subscription of session.news) {
      const from = Math.max(cursor, subscription.since);
      if (from >= target) continue;
      const { items, knownTo } = subscription.lane.sight(from, target);
      bound = Math.min(bound, knownTo);
      for (const delivered of items) sendable.push({ delivered, subscription });
    }
    if (bound === cursor) {
      this.#askForRows(session, target);
      return false;
    }
    sendable.sort((one, other) => one.delivered.seq - other.delivered.seq);
    for (const { delivered, subscription } of sendable) {
      if (delivered.seq > bound) break;
      if (connection.room <= 0 && delivered.seq > session.cursor) return false;
      const bytes = subscription.render(delivered);
      if (bytes !== null) {
        connection.push(bytes);
        this.#context.tally.deliveries += 1;
      }
      session.cursor = delivered.seq;
    }
    session.cursor = bound;
    return true;
  }

  /** Asks for the groups that hold the others up. */
  #askForRows(session: Session, target: number): void {
    const { reader, settings } = this.#context;
    const { cursor, news } = session;
    const maxBytes = Math.ceil(settings.pageBytes / news.length);
    for (const { lane, since } of news) {
      const from = Math.max(cursor, since);
      if (from >= target || lane.sight(from, target).knownTo > cursor) continue;
      lane.ask(reader, from, { upTo: target, maxBytes });
    }
  }

  #perform(session: Session, item: Item): void {
    switch (item.kind) {
      case 'message':
        session.connection.push(item.bytes);
        return;
      case 'block':
        session.block = item.block;
        return;
      case 'left':
        this.#leave(session, item.group, 'member');
        return;
      case 'deleted':
        this.#leave(session, item.group, 'all');
        return;
      case 'unwatch':
        this.#unwatch(session, item.name);
        return;
      default:
        item satisfies never;
    }
  }

  #unwatch(session: Session, name: GroupName): void {
    session.watches.delete(name);
    this.#context.streams.unwatch(name, session);
    for (const subscription of session.subscriptions.values()) {
      if (subscription.stream.name === name) this.#release(session, subscription, 'watch');
    }
  }

  #leave(session: Session, group: GroupId, what: 'member' | 'all'): void {
    const subscription = session.subscriptions.get(group);
    if (subscription !== undefined) this.#release(session, subscription, what);
  }

  #release(session: Session, subscription: Subscription, what: 'member' | 'watch' | 'all'): void {
    if (what !== 'watch') subscription.member = null;
    if (what !== 'member') subscription.watch = null;
    session.release(subscription);
    this.#context.streams.released(subscription.stream);
  }
}

/** What is beside the order goes to those who have reached the position it was stamped with. */
function sendVolatiles({ volatiles, cursor, connection }: Session): void {
  for (let next = volatiles.peek(); next !== undefined; next = volatiles.peek()) {
    if (next.after > cursor) return;
    volatiles.shift();
    if (connection.room > 0) connection.push(next.bytes);
  }
}
