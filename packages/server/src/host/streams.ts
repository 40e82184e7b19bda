/**
 * The streams of all groups: what is kept of each in memory, who follows which, who waits for a group
 * to come into being, and when the rows of a deleted group may go.
 */
import type { Delivery, Event, GroupId, GroupName } from '@choir/protocol';
import { CalmNews } from './calm-news.ts';
import { Contents } from './contents.ts';
import { Delivered, type Update, updatesOf } from './delivered.ts';
import { GroupStream } from './group-stream.ts';
import type { Session } from './session.ts';
import type { HostSettings } from './settings.ts';
import type { Stretch } from './tail.ts';
import { Tails } from './tails.ts';
import type { TransferPlan } from './transfer-plan.ts';

export class Streams {
  readonly calmNews: CalmNews;
  readonly #byId = new Map<GroupId, GroupStream>();
  readonly #tails: Tails;
  readonly #contents: Contents;
  readonly #stretchBytes: number;
  readonly #watchers = new Map<GroupName, Set<Session>>();
  /** Streams fed in this turn, whose shared buffers go at its end. */
  readonly #touched = new Set<GroupStream>();
  /** Deleted groups whose rows are still there. */
  readonly #deleted = new Set<GroupId>();
  #forgettable: GroupId[] = [];
  #batch = 1;

  constructor(settings: HostSettings) {
    this.#tails = new Tails(settings.tailBytes);
    this.#contents = new Contents(settings);
    this.calmNews = new CalmNews(settings);
    // Half, so that one fits beside what is sent already.
    this.#stretchBytes = settings.sendBufferBytes / 2;
  }

  /** Bytes in memory, for those who watch the bounds. */
  get bytes(): { readonly tails: number; readonly contents: number } {
    return { tails: this.#tails.bytes, contents: this.#contents.bytes };
  }

  /** The stream of a group that exists; made now when nothing of it is in memory. */
  open(id: GroupId, name: GroupName, head: number): GroupStream {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const stream = new GroupStream(id, name, head);
    this.#byId.set(id, stream);
    return stream;
  }

  /** The stream of a group, if anything of it is in memory. */
  find(id: GroupId): GroupStream | null {
    return this.#byId.get(id) ?? null;
  }

  /** Takes up the newest delivery of a group and tells its followers. */
  deliver(id: GroupId, delivery: Delivery, now: number): Delivered {
    const { seq } = delivery.at;
    const stream = this.open(id, delivery.group, seq - 1);
    const delivered = Delivered.of(delivery);
    this.#tails.append(stream, delivered);
    stream.last = seq;
    this.#touched.add(stream);
    const updates = updatesOf(delivery.events);
    if (updates.length > 0) {
      this.#contents.apply(stream, seq, { updates, checkpoint: hasCheckpoint(delivery.events) });
    }
    this.#tell(stream, delivery.events, now);
    return delivered;
  }

  /** A stretch of deliveries that are in memory, in one buffer shared by all who ask in this turn. */
  stretch(stream: GroupStream, after: number, upTo: number): Stretch | null {
    this.#touched.add(stream);
    return stream.tail.stretch(after, upTo, this.#stretchBytes);
  }

  /** What a transfer of the group that begins now sends, shared by all who begin in this turn. */
  plan(stream: GroupStream, make: (id: GroupId) => TransferPlan): TransferPlan {
    this.#touched.add(stream);
    stream.plan ??= make(stream.id);
    return stream.plan;
  }

  /** A row was read: its updates are worth keeping, unless the group is gone. */
  fill(stream: GroupStream, seq: number, updates: readonly Update[]): void {
    if (stream.deletedAt === null) this.#contents.fill(stream, seq, updates);
  }

  /** A group came into being: the position before it is where its stream starts. */
  create(id: GroupId, name: GroupName, at: number): GroupStream {
    const stream = this.open(id, name, at - 1);
    stream.createdAt = at;
    return stream;
  }

  delete(id: GroupId, at: number): void {
    this.#deleted.add(id);
    const stream = this.#byId.get(id);
    if (stream === undefined) {
      this.#forgettable.push(id);
      return;
    }
    stream.deletedAt = at;
    stream.plan = null;
    this.#byId.delete(id);
    this.#contents.empty(stream);
    for (const { session } of stream.subscriptions) {
      session.push({ kind: 'deleted', seq: at, group: id });
    }
    this.released(stream);
  }

  /** Somebody stopped reading the stream. */
  released(stream: GroupStream): void {
    if (!stream.unread) return;
    if (stream.deletedAt !== null) this.#forgettable.push(stream.id);
    else this.#prune(stream);
  }

  /** Groups deleted before the last start, whose rows nobody reads. */
  forget(ids: readonly GroupId[]): void {
    for (const id of ids) this.#deleted.add(id);
    this.#forgettable.push(...ids);
  }

  get anyForgettable(): boolean {
    return this.#forgettable.length > 0;
  }

  /** Rows that the next commit may drop. */
  takeForgettable(): readonly GroupId[] {
    const taken = this.#forgettable;
    if (taken.length === 0) return taken;
    this.#forgettable = [];
    for (const id of taken) this.#deleted.delete(id);
    return taken;
  }

  /** Deleted groups whose rows are still there, to be remembered in the snapshot. */
  unforgotten(): readonly GroupId[] {
    return [...this.#deleted];
  }

  watch(name: GroupName, session: Session): void {
    const watchers = this.#watchers.get(name);
    if (watchers === undefined) this.#watchers.set(name, new Set([session]));
    else watchers.add(session);
  }

  unwatch(name: GroupName, session: Session): void {
    const watchers = this.#watchers.get(name);
    watchers?.delete(session);
    if (watchers?.size === 0) this.#watchers.delete(name);
  }

  watchers(name: GroupName): Iterable<Session> {
    return this.#watchers.get(name) ?? [];
  }

  /** Ends a turn: the next deliveries are news again, shared buffers go, memory is kept in bounds. */
  endTurn(storedUpTo: number): void {
    this.#batch += 1;
    for (const stream of this.#touched) {
      stream.tail.release();
      stream.plan = null;
    }
    this.#touched.clear();
    for (;;) {
      const stream = this.#tails.dropOldest(storedUpTo);
      if (stream === null) return;
      if (stream.deletedAt === null) this.#prune(stream);
    }
  }

  #tell(stream: GroupStream, events: readonly Event[], now: number): void {
    if (stream.toldIn === this.#batch) return;
    if (this.calmNews.mayWait(stream, events)) {
      this.calmNews.add(stream, now);
      return;
    }
    this.calmNews.told(stream);
    stream.toldIn = this.#batch;
    for (const subscription of stream.subscriptions) subscription.session.expect(subscription);
  }

  #prune(stream: GroupStream): void {
    if (!stream.unread || !stream.tail.empty || stream.content.bytes > 0) return;
    this.#byId.delete(stream.id);
  }
}

function hasCheckpoint(events: readonly Event[]): boolean {
  return events.some(({ kind }) => kind === 'group_state');
}
