/**
 * A processor: all of its groups, behind one way in and one way out.
 *
 * Boundary: pure. The driver calls `receive`, the commands and `turn` with its clock, then performs `drain`, in order; it
 * calls `turn` again at `due` at the latest. Times are milliseconds of one monotonic clock.
 *
 * D1 Nothing throws, whatever is received; what is refused is counted by its reason.
 * D2 Who is convicted in one group is suspected in all (paper 2); who is excluded from one has left them all.
 */
import { Asking } from '../connection/asking.ts';
import { Connections } from '../connection/connections.ts';
import type { Place } from '../connection/place.ts';
import { type GroupId, groupId, type ProcessorId } from '../ids.ts';
import {
  type BodyOf,
  type ConnectionId,
  decode,
  encode,
  isRefusal,
  type Message,
  type ObjectGroup,
  type RefusalCode,
} from '../wire/index.ts';
import type { GroupCounters } from './counters.ts';
import type { Effect } from './effects.ts';
import { Group } from './group.ts';
import type { Surroundings } from './options.ts';
import type { OutgoingMessage } from './outgoing.ts';
import type { Ignored } from './strangers.ts';

/** Why datagrams were not taken. `sealed`: damaged or forged; `unknown`: of a group that this processor is not in. */
export type Reason = RefusalCode | Ignored | 'sealed' | 'unknown';

export class Processor {
  readonly #surroundings: Surroundings;
  readonly #groups = new Map<GroupId, Group>();
  readonly #connections = new Connections();
  readonly #asking: Asking;
  #effects: Effect[] = [];
  /** How many of the effects were looked at for what they mean to other groups. */
  #reached = 0;
  /** Datagrams taken, and those that were not, by reason. */
  taken = 0;
  readonly refused = new Map<Reason, number>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#asking = new Asking(surroundings.settings.joinMs);
  }

  get id(): ProcessorId {
    return this.#surroundings.self;
  }

  /** Joins a group; with `init` makes it instead, with a first view of this processor alone. */
  join(id: GroupId, now: number, init = false): void {
    if (this.#groups.has(id)) return;
    const shared = { effects: this.#effects, connections: this.#connections };
    const group = new Group(id, this.#surroundings, shared);
    this.#groups.set(id, group);
    if (init) group.init(now);
  }

  leave(id: GroupId, now: number): void {
    this.#groups.get(id)?.leave(now);
  }

  /** Hands a message over, to be sent with the next turns; `full` is back-pressure, `writable` ends it. */
  submit(id: GroupId, message: OutgoingMessage): 'queued' | 'full' | 'closed' {
    return this.#groups.get(id)?.submit(message) ?? 'closed';
  }

  /** Accepts connections to an object group in a processor group that this processor is in; `place` is where they are to be. */
  serve(id: GroupId, server: ObjectGroup, place: Place): void {
    this.#groups.get(id)?.connecting.serve(server, place);
  }

  /**
   * Asks for a connection until a Connect is heard: `connected` tells which group to join, `connection` that it is open here.
   *
   * @param processors those that support the client object group
   * @returns false when too many are asked for at one time
   */
  connect(connection: ConnectionId, processors: readonly ProcessorId[], now: number): boolean {
    return this.#asking.ask(connection, processors, now);
  }

  /**
   * Moves a connection that a group carries to another address or processor group, in the order of the former. While a move of this
   * processor is under way the last place that was wanted waits for its end.
   */
  move(id: GroupId, connection: ConnectionId, place: Place): void {
    this.#groups.get(id)?.connecting.move(connection, place);
  }

  /** The application has taken so many deliveries of this group, of so many bytes together. */
  delivered(id: GroupId, bytes: number, messages = 1): void {
    this.#groups.get(id)?.taken(bytes, messages);
  }

  /** How far the application's thread has come; goes out with every heartbeat. */
  progress(progress: number, isStalled: boolean): void {
    for (const group of this.#groups.values()) group.progress(progress, isStalled);
  }

  /** Takes a datagram. It must not be changed afterwards: what is in it is held and delivered as views of it. */
  receive(bytes: Uint8Array, now: number): void {
    const opened = this.#surroundings.envelope.open(bytes);
    if (opened === null) {
      this.#count('sealed');
      return;
    }
    const message = decode(opened);
    if (isRefusal(message)) {
      this.#count(message.refused);
      return;
    }
    const ignored = this.#take(message, now);
    if (ignored === null) this.taken += 1;
    else this.#count(ignored);
  }

  #take(message: Message, now: number): Reason | null {
    const { header, body } = message;
    if (body.type === 'connectRequest') {
      if (header.source === this.id) return null;
      const groups = [...this.#groups.values()];
      const answers = groups.map((group) => group.connectionRequested(header.source, body, now));
      return answers.find((answer) => answer !== null) ?? null;
    }
    const group = this.#groups.get(header.group);
    if (body.type === 'connect') this.#answered(body);
    return group === undefined ? 'unknown' : group.receive(message, now);
  }

  /** A Connect has come, from outside or inside. */
  #answered({ connection, group, address, members }: BodyOf<'connect'>): void {
    if (!this.#asking.answered(connection)) return;
    this.#effects.push({ kind: 'connected', group, connection, address, members });
  }

  /**
   * Does what is due at this time, in all groups.
   *
   * @param isBehind more has come than was received so far: what seems to be missing may be among it
   */
  turn(now: number, isBehind = false): void {
    for (const body of this.#asking.requests(now)) this.#ask(body, now);
    for (const group of this.#groups.values()) group.turn(now, isBehind);
    // Also what came of a datagram since the last turn, and what this loop adds.
    for (; this.#reached < this.#effects.length; this.#reached += 1) {
      const effect = this.#effects[this.#reached];
      if (effect !== undefined) this.#reach(effect);
    }
    for (const [id, group] of this.#groups) if (group.isOut) this.#drop(id);
  }

  get due(): number {
    let { due } = this.#asking;
    for (const group of this.#groups.values()) due = Math.min(due, group.due);
    return due;
  }

  /** What is to be done since the last call, in order. */
  drain(): readonly Effect[] {
    const { seal } = this.#surroundings.envelope;
    this.#reached = 0;
    return this.#effects
      .splice(0)
      .map((effect) =>
        effect.kind === 'send' ? { ...effect, bytes: seal(effect.bytes) } : effect,
      );
  }

  /** Null when this processor is not in the group. */
  counters(id: GroupId): GroupCounters | null {
    return this.#groups.get(id)?.counters ?? null;
  }

  /** Messages held for retransmission in a group, and their bytes. */
  buffered(id: GroupId): { readonly messages: number; readonly bytes: number } {
    return this.#groups.get(id)?.buffered ?? { messages: 0, bytes: 0 };
  }

  /** D2 */
  #reach(effect: Effect): void {
    if (effect.kind === 'excluded') {
      for (const [id, group] of this.#groups) {
        if (id !== effect.group && !group.hasGone)
          this.#effects.push({ kind: 'excluded', group: id });
      }
      for (const id of this.#groups.keys()) this.#drop(id);
    } else if (effect.kind === 'forget' && effect.convicted) {
      for (const [id, group] of this.#groups) {
        if (id !== effect.group) group.condemn(effect.processor);
      }
    } else if (effect.kind === 'connection' && effect.carrier !== effect.group) {
      const { connection, carrier: group, address } = effect;
      const carrier = this.#groups.get(group)?.connecting;
      const next = this.#groups.get(effect.group)?.connecting.takeNext(connection);
      if (next === undefined) carrier?.remind(connection, { group, address });
      else carrier?.move(connection, next);
    }
  }

  /** ConnectRequest is for no group yet (H12). */
  #ask(body: BodyOf<'connectRequest'>, now: number): void {
    if (this.#connections.isOpen(body.connection)) {
      this.#asking.answered(body.connection);
      return;
    }
    // A processor may support client and server.
    for (const one of this.#groups.values()) one.connectionRequested(this.id, body, now);
    const { self: source, settings, observe } = this.#surroundings;
    const counters = { sequence: 0, timestamp: 0, ack: 0 };
    const group = groupId(0);
    const bytes = encode({ order: settings.order, source, group, ...counters }, body);
    const { type } = body;
    observe({ kind: 'sent', group, datagrams: 1, type, source, ...counters, bytes: bytes.length });
    this.#effects.push({ kind: 'send', group, to: 'anyone', bytes });
  }

  /** This processor is out of a group. */
  #drop(id: GroupId): void {
    this.#groups.delete(id);
    const none = { carrier: id, address: new Uint8Array(0), barrier: 0, source: this.id };
    for (const connection of this.#connections.forget(id)) {
      this.#effects.push({ kind: 'connection', group: id, connection, state: 'closed', ...none });
    }
  }

  #count(reason: Reason): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }
}
