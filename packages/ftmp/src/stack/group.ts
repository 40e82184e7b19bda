/**
 * One processor group at one processor: RMP, ROMP and PGMP put together.
 *
 * Boundary: takes decoded messages, commands and the time; leaves effects in the list that it was given. `turn` does
 * whatever is due, and is called after everything else that is called at one time.
 */

import type { Connections } from '../connection/connections.ts';
import { compareViews, type GroupId, noView, type ProcessorId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import type { Stream } from '../rmp/stream.ts';
import { changesMembership } from '../romp/delivery.ts';
import {
  type Body,
  type BodyOf,
  counterMax,
  decode,
  isRefusal,
  type Message,
  services,
  wholeCounter,
} from '../wire/index.ts';
import { Admission } from './admission.ts';
import { Connecting } from './connecting.ts';
import type { GroupCounters } from './counters.ts';
import type { Effect } from './effects.ts';
import { Entry } from './entry.ts';
import { changesMax, deliveryBytes, GroupState } from './group-state.ts';
import { type Beat, Hearing } from './hearing.ts';
import { Laggards } from './laggards.ts';
import { Leaving } from './leaving.ts';
import type { Surroundings } from './options.ts';
import { Ordering } from './ordering.ts';
import type { OutgoingMessage } from './outgoing.ts';
import { Pacing } from './pacing.ts';
import { Passage } from './passage.ts';
import { Recovery } from './recovery.ts';
import { Repair } from './repair.ts';
import { type Ignored, Strangers } from './strangers.ts';
import { Telling } from './telling.ts';

/** A timestamp farther ahead of the clock than this is nobody's. */
const timestampReach = 2 ** 30;

/** One processor is told something by who does not know it this often at most, in milliseconds. */
const strangerMs = 100;

export class Group {
  readonly #state: GroupState;
  readonly #ordering: Ordering;
  readonly #recovery: Recovery;
  readonly #admission: Admission;
  readonly #connecting: Connecting;
  readonly #pacing: Pacing;
  readonly #strangers: Strangers;
  readonly #laggards: Laggards;
  readonly #hearing: Hearing;
  readonly #entry: Entry;
  readonly #leaving: Leaving;
  readonly #repair: Repair;
  #turnAt: number | null = null;

  constructor(
    id: GroupId,
    surroundings: Surroundings,
    { effects, connections }: { readonly effects: Effect[]; readonly connections: Connections },
  ) {
    this.#state = new GroupState(id, surroundings, effects);
    const passage = new Passage(this.#state, connections);
    this.#ordering = new Ordering(this.#state, passage);
    this.#recovery = new Recovery(this.#state, this.#ordering);
    const { doubts } = this.#recovery;
    const telling = new Telling<ProcessorId>(strangerMs);
    this.#admission = new Admission(this.#state, { doubts, telling });
    this.#pacing = new Pacing(this.#state, this.#ordering);
    this.#strangers = new Strangers(this.#state, { doubts, telling });
    this.#laggards = new Laggards(this.#state, this.#recovery.doubts);
    this.#connecting = new Connecting(this.#state, this.#recovery.doubts, connections.routes(id));
    this.#hearing = new Hearing(this.#state);
    this.#entry = new Entry(this.#state);
    this.#leaving = new Leaving(this.#state);
    this.#repair = new Repair(this.#state, { doubts, sizing: this.#pacing.sizing });
    passage.connecting = this.#connecting;
    this.#state.originate = (body, safe = false) => this.#originate(body, safe);
  }

  get isOut(): boolean {
    return this.#state.standing === 'out';
  }

  /** Its application was told that it is not in the group any more; it may still answer others. */
  get hasGone(): boolean {
    return this.isOut || this.#state.standing === 'left';
  }

  /** Makes the first view of the group, with this processor alone in it. */
  init(now: number): void {
    const state = this.#state;
    state.now = now;
    const id = { timestamp: state.clock.next(), processor: state.self };
    const members = [state.self];
    state.lineage = id;
    state.begin(id, { view: id, members });
    this.#ordering.install({ id, members, cause: 'first', transitional: members });
  }

  submit(message: OutgoingMessage): 'queued' | 'full' | 'closed' {
    const { standing, outgoing } = this.#state;
    if ((standing !== 'member' && standing !== 'joining') || this.#entry.turnsBack) return 'closed';
    if (outgoing.isFull) {
      this.#pacing.full();
      return 'full';
    }
    outgoing.push(message);
    return 'queued';
  }

  /** Leaves when what was submitted has been sent; who is still asking to be added leaves when it has been, or nobody adds it. */
  leave(now: number): void {
    this.#state.now = now;
    if (this.#state.standing === 'member') this.#state.standing = 'leaving';
    else if (this.#state.standing === 'joining') this.#entry.turnBack();
  }

  /** Somebody, perhaps from outside, asks for a connection. */
  connectionRequested(
    source: ProcessorId,
    body: BodyOf<'connectRequest'>,
    now: number,
  ): 'full' | null {
    this.#wake(now);
    return this.#connecting.requested(source, body);
  }

  /** What this group does about connections. */
  get connecting(): Connecting {
    return this.#connecting;
  }

  /** The application has taken deliveries. */
  taken(bytes: number, messages: number): void {
    this.#state.backlog -= bytes + messages * deliveryBytes;
  }

  condemn(id: ProcessorId): void {
    this.#recovery.doubts.condemn(id);
  }

  /** How far the application's thread has come, and whether it stands still. */
  progress(progress: number, isStalled: boolean): void {
    this.#pacing.progress = progress;
    this.#pacing.isStalled = isStalled;
  }

  /** Takes a datagram; null, or why it was not taken. */
  receive(message: Message, now: number): Ignored | null {
    this.#wake(now);
    this.#repair.received();
    const { header, body } = message;
    const { source } = header;
    const state = this.#state;
    if (source === state.self) return this.#own(message);
    if (body.type === 'join') return this.#admission.joinHeard(source, body);
    if (body.type === 'refuse') return this.#strangers.refuseHeard(source, body);
    if (body.type === 'announce') {
      const isAdded = state.members.length > 0;
      return isAdded
        ? this.#strangers.announceHeard(source, body)
        : this.#entry.announceHeard(body);
    }
    if (body.type === 'addProcessor' && body.newMember.id === state.self) {
      const timestamp = wholeCounter(message.header.timestamp, body.watermark);
      this.#entry.added(body, { timestamp, processor: source });
    }
    if (body.type === 'slice') return this.#slice(message, body);
    const stream = state.rmp.stream(source);
    if (stream === undefined || state.departed.has(source)) return this.#strangers.heard(source);
    return this.#member(stream, message);
  }

  /**
   * Does what is due: first settles how the group stands, then speaks for that. Repair comes last: what is sent again goes behind what is new, and
   * nothing is asked for of a source that has just gone.
   *
   * @param isBehind as of the processor
   */
  turn(now: number, isBehind = false): void {
    this.#wake(now);
    if (this.#state.standing === 'out' || !this.#entry.run()) return;
    this.#settle();
    this.#speak();
    this.#repair.run(isBehind);
  }

  /**
   * Settles who is in the group, and what is ordered.
   *
   * 1. What has come is ordered and delivered. What follows judges by the view, and the end of the order, that this leads to.
   * 2. Laggards are judged by what 1 has ordered. Those who have to go are known to 3 in this turn.
   * 3. Suspicions are weighed, and a successor is agreed upon: the group may be frozen behind this, blocked, or in another configuration.
   * 4. Newcomers are added, unless 3 has found that nobody can be.
   * 5. Connects are sent behind that: from then on a barrier stands, and nobody could be added.
   * 6. What 3 to 5 have said, or let go on, is ordered and delivered. What everybody has by then is let go, which gives the window room for 9.
   */
  #settle(): void {
    this.#ordering.run();
    this.#laggards.run();
    this.#recovery.run();
    this.#admission.run();
    this.#connecting.run();
    this.#ordering.run();
    this.#state.release();
  }

  /**
   * Says what this processor has to say.
   *
   * 7. Who turns back leaves when 6 has given it its first view.
   * 8. Who leaves says so when 9 has sent all that it had in turns before, and 6 has delivered the pieces of it.
   * 9. Messages go out as there is room, and a heartbeat when nothing that was said up to here carries the counters that others wait for.
   * 10. What 8 and 9 have said is ordered in this turn where nobody else has to be heard.
   */
  #speak(): void {
    const { suspicion, now } = this.#state;
    if (this.#entry.turnsBack) this.leave(now);
    this.#leaving.run();
    this.#pacing.run(suspicion.asks(now));
    this.#ordering.run();
  }

  /** When `turn` is to be called next, if nothing else happens. */
  get due(): number {
    const { standing, rmp } = this.#state;
    if (standing === 'out') return Number.POSITIVE_INFINITY;
    if (this.#entry.due !== null) return this.#entry.due;
    return Math.min(
      rmp.due,
      this.#pacing.due,
      this.#recovery.due,
      this.#admission.due,
      this.#connecting.due,
    );
  }

  get counters(): GroupCounters {
    const { rmp, outgoing, sender, assembly, counts } = this.#state;
    const { messages, bytes } = rmp.buffered;
    return {
      ...counts,
      bufferedMessages: messages,
      bufferedBytes: bytes,
      queuedMessages: outgoing.length,
      queuedBytes: outgoing.bytes,
      datagramBytes: this.#pacing.datagramBytes,
      requests: this.#repair.requests,
      retransmissions: sender.retransmissions,
      cappedRequests: rmp.capped,
      oversizeMessages: assembly.oversize,
    };
  }

  get buffered(): { readonly messages: number; readonly bytes: number } {
    return this.#state.rmp.buffered;
  }

  /** Time has passed; more than it should have means that this processor stood still. */
  #wake(now: number): void {
    const state = this.#state;
    const expected = 2 * state.surroundings.settings.heartbeatMs;
    if (this.#turnAt !== null && now - this.#turnAt > expected) {
      state.suspicion.slept(now - this.#turnAt);
    }
    this.#turnAt = now;
    state.now = now;
  }

  #originate(body: Body, safe: boolean): void {
    const state = this.#state;
    const held = state.sender.reliable(body, { ack: state.ack(), now: state.now, safe });
    this.#pacing.sizing.sent(held.bytes.length, state.now);
    this.#ordering.acked();
    const own = state.rmp.open(state.self, held.sequence - 1);
    state.rmp.take(own, held, { now: state.now, again: false });
    own.next();
    this.#up(held);
  }

  /** What this processor sent itself comes back by multicast; what it did not send is a twin's. */
  #own({ header }: Message): Ignored | null {
    const { sender, clock } = this.#state;
    const sequence = wholeCounter(header.sequence, sender.sequence);
    const timestamp = wholeCounter(header.timestamp, clock.latest);
    return sequence > sender.sequence || timestamp > clock.latest ? 'twin' : null;
  }

  /** E15: a message all of which is here now is taken as if it had come whole. */
  #slice({ header }: Message, slice: BodyOf<'slice'>): Ignored | null {
    const { source, group, sequence } = header;
    const { rmp, departed, members, now } = this.#state;
    const stream = rmp.stream(source);
    const isKnown = stream !== undefined && !departed.has(source);
    if (!isKnown && members.length > 0) return this.#strangers.heard(source);
    const whole = isKnown
      ? rmp.slice(stream, wholeCounter(sequence, stream.contiguous), slice, now)
      : this.#entry.slice(source, sequence, slice);
    if (whole === 'beyond') return 'absurd';
    if (whole === null) return null;
    const message = decode(whole);
    if (isRefusal(message) || !message.header.retransmission) return 'absurd';
    const { header: own } = message;
    const isIt = own.source === source && own.group === group && own.sequence === sequence;
    return isIt ? this.receive(message, now) : 'absurd';
  }

  #member(stream: Stream, message: Message): Ignored | null {
    const state = this.#state;
    const { header, body } = message;
    const { source } = stream;
    const { rmp, clock, now } = state;
    const sequence = wholeCounter(header.sequence, stream.contiguous);
    const timestamp = wholeCounter(header.timestamp, clock.latest);
    const ack = wholeCounter(header.ack, clock.latest);
    if (timestamp > clock.latest + timestampReach || ack > timestamp) return 'absurd';
    if (Math.max(sequence, timestamp) > counterMax) return 'absurd';
    if (!services[body.type].reliable) {
      if (!rmp.exists(stream, sequence, now)) return 'absurd';
      clock.observe(timestamp);
      this.#live(source);
      const heard = timestamp + (body.type === 'heartbeat' ? body.ahead : 0);
      const beat = { sequence, timestamp, ack, heard };
      this.#hearing.beat(stream, beat);
      if (body.type === 'heartbeat') this.#heartbeat(source, body, beat);
      if (body.type === 'retransmitRequest') this.#repair.requested(source, body, beat);
      return null;
    }
    const { safe } = header;
    const held: Held = { source, sequence, timestamp, ack, safe, body, bytes: message.bytes };
    const taken = rmp.take(stream, held, { now, again: header.retransmission });
    if (taken === 'beyond') return 'absurd';
    if (taken === 'known') state.counts.duplicates += 1;
    if (header.retransmission) rmp.retransmissionSeen(source, sequence, now);
    else this.#live(source);
    clock.observe(timestamp);
    if (taken === 'new') this.#advance(stream);
    return null;
  }

  #live(source: ProcessorId): void {
    this.#state.suspicion.heard(source, this.#state.now);
    this.#admission.heard(source);
  }

  /** Passes up what is contiguous now. */
  #advance(stream: Stream): void {
    const { rmp, now } = this.#state;
    for (let held = stream.next(); held !== undefined; held = stream.next()) this.#up(held);
    rmp.look(stream, now);
    this.#hearing.advanced(stream);
  }

  /** A reliable message, in the order of its source. */
  #up(held: Held): void {
    const state = this.#state;
    const { source, sequence, timestamp, body } = held;
    state.surroundings.observe({ kind: 'stored', group: state.id, source, sequence, timestamp });
    if (source !== state.self) this.#hearing.counters(source, { ...held, heard: timestamp });
    if (body.type === 'suspect') this.#recovery.suspectHeard(source, body, held);
    else if (body.type === 'membership') this.#recovery.membershipHeard(source, body, held);
    if (!services[body.type].ordered) return;
    if (body.type === 'connect') state.bar(timestamp);
    if (changesMembership(held) && state.changes.length < changesMax) {
      if (body.type === 'addProcessor') this.#admission.addHeard(held, body);
      state.changes.push(held);
    }
    state.order.lane(source)?.push(held);
    this.#pacing.orderedHeard(held);
  }

  #heartbeat(source: ProcessorId, body: BodyOf<'heartbeat'>, counters: Beat): void {
    const state = this.#state;
    const { asks, stalled, configuration, view } = body;
    if (asks) this.#pacing.asked();
    this.#pacing.confirmations.heard(source, body, counters.timestamp);
    this.#laggards.progressHeard(source, stalled);
    if (compareViews(configuration, state.configuration) !== 0) return;
    if (compareViews(view, noView) > 0) this.#recovery.doubts.goesOn(source);
    if (compareViews(view, state.installedElsewhere) > 0) state.installedElsewhere = view;
  }
}
