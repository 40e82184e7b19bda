/**
 * The connections of one group: ConnectRequests answered, Connects sent in the order, and repeated to who cannot ask for them (paper 7).
 *
 * C4 While a barrier stands no Connect is sent either: they follow one another.
 * C5 Moves of a connection follow one another, too. Of those that are wanted while one is under way the last one is made.
 */

import { isSamePlace, type Place } from '../connection/place.ts';
import { type Change, connectionsMax, type Routes } from '../connection/routes.ts';
import type { ProcessorId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import { type BodyOf, type ConnectionId, connectionText, type ObjectGroup } from '../wire/index.ts';
import type { Doubts } from './doubts.ts';
import type { GroupState } from './group-state.ts';
import { Telling } from './telling.ts';

type Wanted = {
  readonly connection: ConnectionId;
  readonly place: Place;
  /** A move is to happen; an answer or a reminder is met by any Connect for the connection. */
  readonly isMove: boolean;
  /** Who asked for it, from outside. */
  readonly asker: ProcessorId | null;
  due: number;
};

/** A member waits this long for each that ranks before it, in milliseconds. */
const rankDelayMs = 15;
/** One processor is repeated a Connect this often at most, in milliseconds. */
const repeatMs = 50;

export class Connecting {
  readonly #state: GroupState;
  readonly #doubts: Doubts;
  readonly #routes: Routes;
  /** The object groups that are served here, and where connections to them are to be. */
  readonly #served = new Map<string, Place>();
  readonly #wanted = new Map<string, Wanted>();
  /** C5: where connections are to be when their moves are done. */
  readonly #next = new Map<string, Place>();
  /** The Connects that are repeated, and to whom. */
  readonly #telling = new Telling<string>(repeatMs);

  constructor(state: GroupState, doubts: Doubts, routes: Routes) {
    this.#state = state;
    this.#doubts = doubts;
    this.#routes = routes;
  }

  get due(): number {
    if (!this.#maySend()) return Number.POSITIVE_INFINITY;
    let due = Number.POSITIVE_INFINITY;
    for (const wanted of this.#wanted.values()) due = Math.min(due, wanted.due);
    return due;
  }

  /** Connections to this object group are accepted, and are to be at this place. */
  serve(server: ObjectGroup, place: Place): void {
    this.#served.set(objectGroupText(server), place);
  }

  /** Somebody asks for a connection. @returns `full` when the group can have no more: it is not answered then */
  requested(from: ProcessorId, { connection }: BodyOf<'connectRequest'>): 'full' | null {
    if (!this.#doubts.isPrimary || this.#state.standing !== 'member') return null;
    const known = this.#routes.connectOf(connection);
    if (known !== null) {
      this.#repeat(known, from);
      return null;
    }
    const place = this.#served.get(objectGroupText(connection.server));
    if (place === undefined) return null;
    if (this.#routes.isFullFor(connection)) return 'full';
    this.#want({ connection, place, isMove: false, asker: from });
    return null;
  }

  /** The connection is to be at another place; its Connect is sent at the next turn at which it can be, or behind a move before (C5). */
  move(connection: ConnectionId, place: Place): void {
    const name = connectionText(connection);
    const known = this.#wanted.get(name);
    if (known?.isMove === true) {
      if (isSamePlace(known.place, place)) this.#next.delete(name);
      else this.#next.set(name, place);
      return;
    }
    this.#want({ connection, place, isMove: true, asker: null });
  }

  /** C5: where a connection is to be next, if anywhere, and if no move of this processor is under way. */
  takeNext(connection: ConnectionId): Place | undefined {
    const name = connectionText(connection);
    if (this.#wanted.get(name)?.isMove === true) return undefined;
    const next = this.#next.get(name);
    this.#next.delete(name);
    return next;
  }

  /** A connection has come to this group from another: the order here is to say from where on. */
  remind(connection: ConnectionId, place: Place): void {
    const known = this.#routes.connectOf(connection);
    if (known?.body.type === 'connect' && isSamePlace(known.body, place)) return;
    this.#want({ connection, place, isMove: false, asker: null });
  }

  /** Somebody was added, and has not seen the Connects before. */
  added(): void {
    for (const { connection, place } of this.#routes.carried()) {
      this.#want({ connection, place, isMove: false, asker: null });
    }
  }

  /** A Connect was delivered at its place in the order. */
  delivered(held: Held, { connection, group, address }: BodyOf<'connect'>, change: Change): void {
    const name = connectionText(connection);
    const wanted = this.#wanted.get(name);
    if (wanted === undefined) return;
    if (wanted.isMove && !isSamePlace(wanted.place, { group, address })) return;
    this.#wanted.delete(name);
    if (wanted.asker !== null && change !== 'full') this.#repeat(held, wanted.asker);
    const isGone = group !== this.#state.id;
    // The group that it has gone to is given the rest of the way by the processor.
    if (isGone && (change === 'opened' || change === 'moved')) return;
    const next = this.takeNext(connection);
    if (next !== undefined && !isGone) this.move(connection, next);
  }

  run(): void {
    const { now } = this.#state;
    for (const wanted of this.#wanted.values()) {
      if (wanted.due > now) continue;
      if (!this.#maySend()) return;
      // Its own Connect is delivered, unless this processor is excluded.
      wanted.due = Number.POSITIVE_INFINITY;
      const { connection, place } = wanted;
      const { orderedView: view, order } = this.#state;
      const membership = { view, members: order.members };
      this.#state.originate({ type: 'connect', connection, ...place, ...membership });
    }
  }

  #want(wanted: Omit<Wanted, 'due'>): void {
    const name = connectionText(wanted.connection);
    const known = this.#wanted.get(name);
    if (known !== undefined && (known.isMove || !wanted.isMove)) return;
    if (known === undefined && this.#wanted.size >= connectionsMax) return;
    const { now, self } = this.#state;
    const rank = wanted.isMove ? 0 : Math.max(0, this.#live().indexOf(self));
    this.#wanted.set(name, { ...wanted, due: now + rank * rankDelayMs });
  }

  /** Who sent the Connect repeats it, or the highest-ranked when that is gone. */
  #repeat(connect: Held, to: ProcessorId): void {
    const { now, self, sender } = this.#state;
    const live = this.#live();
    if ((live.includes(connect.source) ? connect.source : live[0]) !== self) return;
    const repeated = `${to} ${connect.source} ${connect.sequence}`;
    if (this.#telling.may(repeated, now)) sender.again(connect, to, true);
  }

  #maySend(): boolean {
    const { isFrozen, standing } = this.#state;
    return standing === 'member' && !isFrozen && this.#doubts.isPrimary && !this.#state.isBarred();
  }

  /** The members that are not suspected here, highest rank first. */
  #live(): readonly ProcessorId[] {
    return this.#state.members.filter((id) => !this.#doubts.suspects.has(id));
  }
}

function objectGroupText({ domain, group }: ObjectGroup): string {
  return `${domain}:${group}`;
}
