/**
 * All connections of a processor: the routes of its groups, and which requests and replies it has taken, whatever group
 * carried them.
 *
 * C3 A request, or a reply, is taken once by each processor, whichever replicas send it, and wherever the connection was.
 */
import type { GroupId } from '../ids.ts';
import { type ConnectionId, connectionText, type Request } from '../wire/index.ts';
import { Routes } from './routes.ts';
import { Window } from './window.ts';

type Numbers = { readonly requests: Window; readonly replies: Window };

export class Connections {
  readonly #groups = new Map<GroupId, Routes>();
  readonly #numbers = new Map<string, Numbers>();
  readonly #open = new Set<string>();

  routes(group: GroupId): Routes {
    const known = this.#groups.get(group);
    if (known !== undefined) return known;
    const routes = new Routes(group);
    this.#groups.set(group, routes);
    return routes;
  }

  isOpen(connection: ConnectionId): boolean {
    return this.#open.has(connectionText(connection));
  }

  /** A Connect has opened or moved it; true when it was open before. */
  opened(connection: ConnectionId): boolean {
    const name = connectionText(connection);
    const wasOpen = this.#open.has(name);
    this.#open.add(name);
    return wasOpen;
  }

  /** C3; false when this request or reply was taken before. */
  take({ connection, number, reply }: Request): boolean {
    const name = connectionText(connection);
    const numbers = this.#numbers.get(name) ?? { requests: new Window(), replies: new Window() };
    this.#numbers.set(name, numbers);
    return (reply === true ? numbers.replies : numbers.requests).take(number);
  }

  /** This processor is in a group no more; the connections that no other of its groups knows, and that were open. */
  forget(group: GroupId): readonly ConnectionId[] {
    const gone = [...(this.#groups.get(group)?.known() ?? [])];
    this.#groups.delete(group);
    const others = [...this.#groups.values()];
    const closed: ConnectionId[] = [];
    for (const connection of gone) {
      if (others.some((routes) => routes.has(connection))) continue;
      const name = connectionText(connection);
      this.#numbers.delete(name);
      if (this.#open.delete(name)) closed.push(connection);
    }
    return closed;
  }
}
