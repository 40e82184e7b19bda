/**
 * A session's stream: what its connection is sent, in the order of positions. Nothing is pushed; the
 * feed (`feed.ts`) takes it from the cursor to the head whenever there is news and room.
 *
 * U1 Everything of the stream up to `cursor` was sent, and nothing after it, except the block that
 *    is under way: the stream waits for its end.
 * U2 `items` ascend by position; an item comes after the deliveries of its position.
 * U3 Subscriptions end when the cursor reaches the item that says so; until then each counts from
 *    its own position on.
 */
import type { ClientId, GroupId, GroupName, SessionId } from '@choir/protocol';
import type { Block } from './block.ts';
import { Chains } from './chains.ts';
import type { Connection } from './connection.ts';
import type { GroupStream } from './group-stream.ts';
import { Queue } from './queue.ts';
import { type Scope, Subscription } from './subscription.ts';

export type Item =
  | { readonly kind: 'message'; readonly seq: number; readonly bytes: Uint8Array }
  | { readonly kind: 'block'; readonly seq: number; readonly block: Block }
  /** The client is no member from here on. */
  | { readonly kind: 'left'; readonly seq: number; readonly group: GroupId }
  | { readonly kind: 'deleted'; readonly seq: number; readonly group: GroupId }
  | { readonly kind: 'unwatch'; readonly seq: number; readonly name: GroupName };

export type Volatile = { readonly after: number; readonly bytes: Uint8Array };

export class Session {
  readonly id: SessionId;
  readonly client: ClientId;
  readonly connection: Connection;
  readonly chains = new Chains();
  readonly subscriptions = new Map<GroupId, Subscription>();
  readonly items = new Queue<Item>();
  /** Subscriptions with `news`. */
  readonly news: Subscription[] = [];
  readonly volatiles = new Queue<Volatile>();
  /** Groups watched, by name: they need not exist. */
  readonly watches = new Map<GroupName, Scope>();
  readonly #readyList: Session[];
  cursor: number;
  block: Block | null = null;
  /** Blocks queued or under way, the acks of whose groups may not come as deliveries. */
  blocks = 0;
  /** It stands in the list of those to be fed. */
  ready = false;
  ended = false;

  constructor(
    identity: { readonly id: SessionId; readonly client: ClientId },
    connection: Connection,
    readyList: Session[],
  ) {
    this.id = identity.id;
    this.client = identity.client;
    this.connection = connection;
    this.cursor = identity.id;
    this.#readyList = readyList;
  }

  /** Something waits to be sent. */
  get waits(): boolean {
    return this.news.length > 0 || this.items.length > 0 || this.block !== null;
  }

  /**
   * It waits because the client has not read what was sent before, and not for anything of ours. Or what
   * the client says waits for it, since it asks on without reading the answers.
   */
  get waitsForReader(): boolean {
    const { clogged, empty, held } = this.connection;
    return clogged ? this.waits || held.length > 0 : this.waits && !empty;
  }

  /** Has the session fed at the end of this turn. */
  wake(): void {
    if (this.ready || this.ended) return;
    this.ready = true;
    this.#readyList.push(this);
  }

  push(item: Item): void {
    this.items.push(item);
    this.wake();
  }

  #subscription(stream: GroupStream): Subscription {
    const known = this.subscriptions.get(stream.id);
    if (known !== undefined) return known;
    const subscription = new Subscription(this, stream);
    this.subscriptions.set(stream.id, subscription);
    stream.subscriptions.add(subscription);
    return subscription;
  }

  /** From a position on, the session is sent what the group receives. */
  follow(stream: GroupStream, as: 'member' | Scope, since: number): Subscription {
    const subscription = this.#subscription(stream);
    if (as === 'member') subscription.member = since;
    else subscription.watch = { scope: as, since };
    return subscription;
  }

  /** Where a membership whose block is to begin has ended meanwhile; null when it has not. */
  endOfMembership(stream: GroupStream): number | null {
    for (const item of this.items) {
      if (item.kind === 'left' && item.group === stream.id) return item.seq;
    }
    return stream.deletedAt;
  }

  /** A block has sent what an earlier membership of the session would send again. */
  skip(stream: GroupStream, upTo: number): void {
    const subscription = this.subscriptions.get(stream.id);
    if (subscription !== undefined && subscription.member !== null) subscription.member = upTo;
  }

  /** There is, or may be, something after the cursor in this group. */
  expect(subscription: Subscription): void {
    this.note(subscription);
    this.wake();
  }

  /** The same, to be sent when the session is fed for another reason. */
  note(subscription: Subscription): void {
    if (subscription.news) return;
    subscription.news = true;
    this.news.push(subscription);
  }

  /** Everything up to the head was sent. */
  caughtUp(): void {
    for (const subscription of this.news) subscription.news = false;
    this.news.length = 0;
  }

  /** Gives a subscription up when nothing is left of it. */
  release(subscription: Subscription): void {
    if (!subscription.idle) return;
    subscription.news = false;
    this.subscriptions.delete(subscription.stream.id);
    subscription.stream.subscriptions.delete(subscription);
    const index = this.news.indexOf(subscription);
    if (index !== -1) this.news.splice(index, 1);
  }
}
