/**
 * The connections of one processor group, as its order has made them: what is here follows from the messages of the group up
 * to a place in its order, so that it is the same at all members that have seen them all.
 *
 * C1 A connection has one place at a time; a Connect that names the same changes nothing.
 * C2 Of a connection that has moved, messages are ignored that were sent before their sender knew: in the group that
 *    it has left all behind Connect, in the same group those whose sender had not acknowledged Connect.
 */
import type { GroupId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import { type BodyOf, type ConnectionId, connectionText } from '../wire/index.ts';
import { isSamePlace, type Place } from './place.ts';

/** Connections of a group; a Connect for more is ignored, and so are their messages. */
export const connectionsMax = 1_024;

type Route = {
  readonly connection: ConnectionId;
  place: Place;
  /** Where it was before its last move within the group, or to it; null when it has not moved. */
  former: Place | null;
  /** The timestamp of the Connect that the place is from. */
  barrier: number;
  /** The newest Connect, to be repeated; null while the connection is known by its messages alone. */
  connect: Held | null;
};

/** What a Connect did. */
export type Change = 'opened' | 'moved' | 'same' | 'full';

/** How a message of a connection is to be taken: where it was sent to, and whether that is where the connection is. */
export type Judgement = { readonly place: Place; readonly verdict: 'current' | 'moved' | 'full' };

export class Routes {
  readonly #group: GroupId;
  readonly #routes = new Map<string, Route>();

  constructor(group: GroupId) {
    this.#group = group;
  }

  has(connection: ConnectionId): boolean {
    return this.#routes.has(connectionText(connection));
  }

  /** The Connect that tells where this connection is now; null when none has been seen. */
  connectOf(connection: ConnectionId): Held | null {
    return this.#routes.get(connectionText(connection))?.connect ?? null;
  }

  /** Whether there is no room for this connection. */
  isFullFor(connection: ConnectionId): boolean {
    return this.#routes.size >= connectionsMax && !this.has(connection);
  }

  /** The connections that this group carries, with their places. */
  *carried(): Iterable<{ readonly connection: ConnectionId; readonly place: Place }> {
    for (const { connection, place, connect } of this.#routes.values()) {
      if (connect !== null && place.group === this.#group) yield { connection, place };
    }
  }

  /** All that are known here. */
  *known(): Iterable<ConnectionId> {
    for (const { connection } of this.#routes.values()) yield connection;
  }

  /** A Connect at its place in the order. */
  connect(held: Held, { connection, group, address }: BodyOf<'connect'>): Change {
    const route = this.#route(connection);
    if (route === null) return 'full';
    const place = { group, address };
    const { connect } = route;
    route.connect = held;
    if (connect !== null && isSamePlace(route.place, place)) return 'same';
    // Who knows a connection by its messages alone came later than the Connect before: it has not moved for that.
    if (connect !== null) route.former = route.place;
    route.place = place;
    route.barrier = held.timestamp;
    return connect === null ? 'opened' : 'moved';
  }

  /** A message of a connection at its place in the order. */
  judge(connection: ConnectionId, { ack }: Held): Judgement {
    const route = this.#route(connection);
    const here = { group: this.#group, address: new Uint8Array(0) };
    if (route === null) return { place: here, verdict: 'full' };
    const { place, former, barrier } = route;
    if (place.group !== this.#group) return { place: former ?? here, verdict: 'moved' };
    const knew = ack >= barrier;
    if (former !== null && !knew) return { place: former, verdict: 'moved' };
    return { place, verdict: 'current' };
  }

  /** Null when there are too many. */
  #route(connection: ConnectionId): Route | null {
    const name = connectionText(connection);
    const known = this.#routes.get(name);
    if (known !== undefined) return known;
    if (this.#routes.size >= connectionsMax) return null;
    const place = { group: this.#group, address: new Uint8Array(0) };
    const route = { connection, place, former: null, barrier: 0, connect: null };
    this.#routes.set(name, route);
    return route;
  }
}
