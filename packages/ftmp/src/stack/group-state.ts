/**
 * What the parts of a group share: the layers below, and where this processor stands. What several of them change says which, at its
 * field; a configuration begins in `begin` alone.
 */
import { type GroupId, noView, type ProcessorId, type ViewId } from '../ids.ts';
import { Suspicion } from '../pgmp/suspicion.ts';
import type { Held } from '../rmp/held.ts';
import { Rmp } from '../rmp/rmp.ts';
import { Assembly } from '../romp/assembly.ts';
import { LamportClock } from '../romp/clock.ts';
import { Delivery } from '../romp/delivery.ts';
import type { Lane } from '../romp/lane.ts';
import { Order } from '../romp/order.ts';
import type { Body, Newcomer } from '../wire/index.ts';
import { Counts } from './counters.ts';
import type { Effect } from './effects.ts';
import type { Surroundings } from './options.ts';
import { Outgoing } from './outgoing.ts';
import { Primacy } from './primacy.ts';
import { Sender } from './sender.ts';

/**
 * How far this processor has come. It only goes on down this list, and may pass some over.
 *
 * - `joining`: not in a view yet.
 * - `member`: from its first view on (`ordering.ts`).
 * - `leaving`: it was told to, and its RemoveProcessor is to come, or is under way (`group.ts`).
 * - `left`: that was delivered, and it stays to answer (`ordering.ts`).
 * - `out`: it has answered for long enough (`leaving.ts`), turned back before it was added (`entry.ts`), or is excluded (`exclude`).
 */
export type Standing = 'joining' | 'member' | 'leaving' | 'left' | 'out';

const departedMax = 1_024;
/** Of changes of membership that wait for their place. Those beyond are the work of a liar: they count, but only from their place on. */
export const changesMax = 256;
/** What a delivery takes of the backlog beside its bytes, so that empty messages are bounded, too. */
export const deliveryBytes = 64;

export class GroupState {
  readonly id: GroupId;
  readonly surroundings: Surroundings;
  readonly #effects: Effect[];
  readonly counts = new Counts();
  readonly clock: LamportClock;
  readonly rmp: Rmp;
  readonly order: Order;
  readonly delivery = new Delivery();
  readonly assembly = new Assembly();
  readonly sender: Sender;
  readonly outgoing: Outgoing;
  readonly primacy: Primacy;
  readonly suspicion: Suspicion;
  standing: Standing = 'joining';
  now = 0;
  #members: readonly ProcessorId[] = [];
  #others: readonly ProcessorId[] = [];
  /** The lanes of the other members. */
  #lanes: readonly Lane[] = [];
  /** The view at the place that delivery has come to: set by `ordering.ts`, and where this processor is added. */
  view: ViewId = noView;
  /** This processor has been given a view. */
  isInstalled = false;
  /**
   * The newest view of this configuration that any member said it has installed: what made it is stable. By its heartbeats (`group.ts`), or, to
   * one that is leaving, by Refuse (`strangers.ts`).
   */
  installedElsewhere: ViewId = noView;
  /** The view at the place that ordering has come to: set where a configuration begins, and by `ordering.ts`. */
  orderedView: ViewId = noView;
  #configuration: ViewId = noView;
  /** The first view that the group ever had: known when this processor makes it, or is added. */
  lineage: ViewId = noView;
  /** While a successor is agreed upon (`recovery.ts`): nothing is ordered, and nothing more is acknowledged than this (P3). */
  frozenAck: number | null = null;
  /** Changes of membership that are held (`group.ts`), not delivered (`ordering.ts`), and not said by who has gone (`recovery.ts`); the first `changesMax`. */
  readonly changes: Held[] = [];
  /** Deliveries that the application has not taken, in bytes. */
  backlog = 0;
  /** Of each source, the number of its message that was delivered last here. */
  readonly deliveredLast = new Map<ProcessorId, number>();
  /** The highest timestamp of a Connect sent or received; 0 when every member was heard past it. */
  #barrier = 0;
  /** What `release` was last based on. */
  #released = -1;
  readonly addresses = new Map<ProcessorId, Uint8Array>();
  /** Who has gone, and the view that somebody's RemoveProcessor has made, which all had acknowledged; null for whom the end of a configuration left out. */
  readonly departed = new Map<ProcessorId, ViewId | null>();
  /** From this view on all who have gone are among `departed`: the first of this processor, `noView` for who made the group. */
  remembersSince: ViewId = noView;
  /**
   * Sources that are gone, whose messages are held for those who have not come so far: up to the timestamp which all must have
   * acknowledged first.
   */
  readonly retired = new Map<ProcessorId, number>();
  /** Those of them that went with an earlier configuration: they have no part in the end of this one. */
  readonly settled = new Set<ProcessorId>();
  /** Originates a reliable message, holds it, and passes it up here as everywhere. */
  originate: (body: Body, safe?: boolean) => void = () => {};

  constructor(id: GroupId, surroundings: Surroundings, effects: Effect[]) {
    const { self, settings, random, fansOut, firstTimestamp, firstSequence } = surroundings;
    this.id = id;
    this.surroundings = surroundings;
    this.#effects = effects;
    this.clock = new LamportClock(firstTimestamp);
    this.rmp = new Rmp({ ...settings, random, fansOut });
    this.order = new Order(self);
    this.outgoing = new Outgoing(settings, surroundings.returned);
    this.primacy = new Primacy(id, (effect) => this.emit(effect));
    this.suspicion = new Suspicion(settings);
    this.sender = new Sender(surroundings, { group: id, clock: this.clock, effects });
    this.rmp.open(self, firstSequence);
    this.order.open(self, Number.POSITIVE_INFINITY);
  }

  /** Leaves an effect for the driver. */
  emit(effect: Effect): void {
    if (effect.kind === 'deliver') this.backlog += effect.bytes.length + deliveryBytes;
    this.#effects.push(effect);
    this.surroundings.observe({ kind: 'effect', group: this.id, effect });
  }

  /** From here on the messages of a newcomer are taken, which begins at this place of the order. */
  open({ id, sequence, address }: Newcomer, timestamp: number): void {
    this.rmp.open(id, sequence);
    this.order.open(id, timestamp);
    this.suspicion.watch(id, this.now);
    this.addresses.set(id, address);
    this.emit({ kind: 'address', group: this.id, processor: id, address });
  }

  /** The others go on without this processor: this incarnation is over. */
  exclude(): void {
    if (this.standing === 'left' || this.standing === 'out') return;
    this.standing = 'out';
    this.emit({ kind: 'excluded', group: this.id });
  }

  get self(): ProcessorId {
    return this.surroundings.self;
  }

  get configuration(): ViewId {
    return this.#configuration;
  }

  /**
   * A configuration begins: this processor has made the group, is added to it, or goes on with these.
   *
   * @param view the one that its order begins in
   */
  begin(
    configuration: ViewId,
    { view, members }: { readonly view: ViewId; readonly members: readonly ProcessorId[] },
  ): void {
    this.#configuration = configuration;
    this.orderedView = view;
    this.order.setMembers(members);
    this.installedElsewhere = noView;
    this.frozenAck = null;
  }

  /** The membership at the place that delivery has come to, oldest first; a joiner follows it silently. */
  get members(): readonly ProcessorId[] {
    return this.#members;
  }

  /** The members but this processor. */
  get others(): readonly ProcessorId[] {
    return this.#others;
  }

  setMembers(members: readonly ProcessorId[]): void {
    this.#members = members;
    this.#others = members.filter((id) => id !== this.self);
    this.#lanes = this.#others.map((id) => this.order.lane(id) ?? this.order.open(id, 0));
  }

  get isFrozen(): boolean {
    return this.frozenAck !== null;
  }

  /** What this processor may acknowledge now (T3). */
  ack(): number {
    if (this.frozenAck !== null) return this.frozenAck;
    let ack = this.order.ack(this.clock.latest);
    // Who is leaving may have to be heard out, until that is delivered.
    for (const { heard } of this.#lanes) if (heard < ack) ack = heard;
    return ack;
  }

  /** A Connect was sent or received: nothing is sent that is to be ordered until everyone was heard past it. */
  bar(timestamp: number): void {
    this.#barrier = Math.max(this.#barrier, timestamp);
    const { id: group, surroundings, order } = this;
    surroundings.observe({ kind: 'barred', group, barrier: this.#barrier });
    for (const source of this.#members) {
      const spoken = order.lane(source)?.spoken ?? 0;
      if (source !== this.self && spoken > this.#barrier) this.heardPast(source, spoken);
    }
  }

  /** Up to where this processor must have sent, so that others are not barred; 0 when no barrier stands. */
  get barrier(): number {
    return this.#barrier;
  }

  /** Whether a barrier stands: it falls when all members have spoken past it, which a lookahead is not, and Connect is ordered. */
  isBarred(): boolean {
    if (this.#barrier === 0) return false;
    if (this.ack() <= this.#barrier) return true;
    for (const { spoken } of this.#lanes) if (spoken <= this.#barrier) return true;
    this.#barrier = 0;
    return false;
  }

  /** A source was heard without a gap, while a barrier stands. */
  heardPast(source: ProcessorId, timestamp: number): void {
    this.surroundings.observe({ kind: 'heard', group: this.id, source, timestamp });
  }

  /** All members of the view have acknowledged everything up to this timestamp. */
  stable(): number {
    let least = this.ack();
    for (const { ack } of this.#lanes) if (ack < least) least = ack;
    return least;
  }

  /** Lets go of what everybody has who may ask for it (R3). */
  release(): void {
    // Who is being added may need what the members of the view do not.
    const needed = Math.min(this.stable(), this.order.acknowledged());
    if (needed === this.#released) return;
    this.#released = needed;
    const { observe } = this.surroundings;
    for (const [source, stream] of this.rmp.streams) {
      const limit = this.#releaseLimit(source);
      stream.release(needed, limit, (held) => {
        observe({ kind: 'released', group: this.id, source, sequence: held.sequence });
        this.#giveBack(held);
      });
      const until = this.retired.get(source);
      if (until === undefined || needed < until || limit !== Number.POSITIVE_INFINITY) continue;
      this.retired.delete(source);
      this.settled.delete(source);
      this.rmp.close(source);
    }
  }

  /** R5: what is not delivered so far, whatever its timestamp says, or is a piece, is held elsewhere; other bodies may be. */
  #giveBack({ source, sequence, body, bytes }: Held): void {
    if (body.type !== 'regular' || sequence > (this.deliveredLast.get(source) ?? -1)) return;
    if (body.parts.every(({ first, last }) => first && last)) this.surroundings.returned?.(bytes);
  }

  /** Up to which number messages of a source may be let go, for the sake of those who are being added. */
  #releaseLimit(source: ProcessorId): number {
    let limit = Number.POSITIVE_INFINITY;
    for (const { body } of this.changes) {
      if (body.type !== 'addProcessor' || this.order.members.includes(body.newMember.id)) continue;
      const member = body.members.find(({ id }) => id === source);
      if (member !== undefined) limit = Math.min(limit, member.sequence);
    }
    return limit;
  }

  /**
   * A processor that is gone is added again, by one who came after it had gone and does not know. What is held of it nobody needs:
   * all have acknowledged that newcomer, hence the end of whom it did not meet.
   */
  readmit(id: ProcessorId): void {
    this.departed.delete(id);
    this.retired.delete(id);
    this.settled.delete(id);
    this.rmp.close(id);
  }

  /**
   * A processor is no member any more.
   *
   * @param view the first without it: when all have acknowledged its timestamp, nobody needs its messages
   */
  depart(id: ProcessorId, view: ViewId, convicted: boolean): void {
    this.retired.set(id, view.timestamp);
    this.#released = -1;
    this.rmp.retire(id, this.now);
    // What the end of a configuration has delivered not all may have acknowledged.
    this.departed.set(id, convicted || this.isFrozen ? null : view);
    this.suspicion.unwatch(id);
    this.order.close(id);
    this.assembly.forget(id);
    this.deliveredLast.delete(id);
    this.addresses.delete(id);
    this.emit({ kind: 'forget', group: this.id, processor: id, convicted });
    if (this.departed.size <= departedMax) return;
    for (const oldest of this.departed.keys()) {
      this.departed.delete(oldest);
      this.remembersSince = this.view;
      break;
    }
  }
}
