/**
 * The simulated network of stream connections: who listens, who connects, which hosts reach which.
 *
 * Boundary: hosts are names; what is said over the connections is the owners'. Faults are methods
 * here; when they strike is the fault plan's business.
 *
 * Invariants:
 * N4 Who connects to a host that is reachable and does not listen is refused after a round trip;
 *    who connects to one that is not reachable tries again, and is refused after `connectMs`.
 * N5 While a host does not reach another, nothing of what it sends there arrives; after that,
 *    connections that were not cut go on where they stood.
 */
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { Connection, type End, type Peer } from './connection.ts';
import { defaultLink, type Link } from './link.ts';

export type NetworkOptions = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly link?: Link;
  /** How long an attempt to connect lasts before it is refused. */
  readonly connectMs?: number;
};

/** Gives the new end an owner, or refuses it. */
export type Accept<Message> = (end: End<Message>) => Peer<Message> | null;

const connectRetryMs = 1_000;
/** After a block TCP waits for its next retransmission, which backs off to this at most. */
const resumeMsMax = 2_000;

export class Network<Message> {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #link: Link;
  readonly #connectMs: number;
  readonly #listening = new Map<string, Accept<Message>>();
  readonly #connections = new Map<number, Connection<Message>>();
  /** `from>to` of every direction that is blocked, and since when. */
  readonly #blocked = new Map<string, number>();
  #nextId = 1;

  constructor(options: NetworkOptions) {
    this.#scheduler = options.scheduler;
    this.#random = options.random;
    this.#link = options.link ?? defaultLink;
    this.#connectMs = options.connectMs ?? 10_000;
  }

  listen(host: string, accept: Accept<Message>): void {
    this.#listening.set(host, accept);
  }

  unlisten(host: string): void {
    this.#listening.delete(host);
  }

  /** Opens a connection; the owner is told `opened` or `closed` later, never at once. */
  connect(from: string, to: string, peer: Peer<Message>): End<Message> {
    const connection = new Connection<Message>({
      id: this.#nextId,
      hosts: [from, to],
      scheduler: this.#scheduler,
      random: this.#random,
      link: this.#link,
      forgotten: (id) => this.#connections.delete(id),
    });
    this.#nextId += 1;
    this.#connections.set(connection.id, connection);
    const deadline = this.#scheduler.now + this.#connectMs;
    this.#scheduler.after(this.#trip(), () => this.#knock(connection, peer, deadline));
    return connection.ends[0];
  }

  /** Every connection of which an end is still there, in the order of their opening. */
  connections(): Connection<Message>[] {
    return [...this.#connections.values()];
  }

  reaches(from: string, to: string): boolean {
    return !this.#blocked.has(`${from}>${to}`);
  }

  /** From now on nothing that `from` sends reaches `to`: one way only. */
  block(from: string, to: string): void {
    if (!this.reaches(from, to)) return;
    this.#blocked.set(`${from}>${to}`, this.#scheduler.now);
    this.#each(from, to, (connection, side) => connection.in(side).block(true, 0));
  }

  unblock(from: string, to: string): void {
    const since = this.#blocked.get(`${from}>${to}`);
    if (since === undefined) return;
    this.#blocked.delete(`${from}>${to}`);
    const now = this.#scheduler.now;
    const backoff = Math.min(now - since, resumeMsMax);
    this.#each(from, to, (connection, side) => {
      connection.in(side).block(false, now + this.#random.between(0, backoff));
    });
  }

  /** Blocks both ways between every host of one list and every host of the other. */
  part(some: readonly string[], others: readonly string[]): void {
    for (const one of some) {
      for (const two of others) {
        this.block(one, two);
        this.block(two, one);
      }
    }
  }

  join(some: readonly string[], others: readonly string[]): void {
    for (const one of some) {
      for (const two of others) {
        this.unblock(one, two);
        this.unblock(two, one);
      }
    }
  }

  /** The process on `host` is gone and its operating system closes its connections. */
  killProcess(host: string): void {
    this.unlisten(host);
    for (const [connection, side] of this.#of(host)) connection.abort(side);
  }

  /** The host is gone: its peers are told nothing, until it is back and they send something. */
  powerOff(host: string): void {
    this.unlisten(host);
    for (const [connection, side] of this.#of(host)) connection.vanish(side);
  }

  powerOn(host: string): void {
    for (const [connection] of this.#of(host)) connection.reset();
  }

  #knock(connection: Connection<Message>, peer: Peer<Message>, deadline: number): void {
    const [from, to] = connection.hosts;
    if (!this.reaches(from, to) || !this.reaches(to, from)) {
      if (this.#scheduler.now >= deadline) connection.refuse(0, peer);
      else this.#scheduler.after(connectRetryMs, () => this.#knock(connection, peer, deadline));
      return;
    }
    if (!this.#connections.has(connection.id)) return;
    const owner = this.#listening.get(to)?.(connection.ends[1]) ?? null;
    if (owner === null) {
      this.#scheduler.after(this.#trip(), () => connection.refuse(0, peer));
      return;
    }
    connection.establish(1, owner);
    this.#scheduler.after(this.#trip(), () => connection.establish(0, peer));
  }

  #trip(): number {
    return this.#link.latencyMs + this.#random.exponential(this.#link.jitterMs);
  }

  #of(host: string): [Connection<Message>, 0 | 1][] {
    const found: [Connection<Message>, 0 | 1][] = [];
    for (const connection of this.#connections.values()) {
      if (connection.hosts[0] === host) found.push([connection, 0]);
      else if (connection.hosts[1] === host) found.push([connection, 1]);
    }
    return found;
  }

  /** The connections between two hosts, each with the side at `to`, which receives. */
  #each(
    from: string,
    to: string,
    act: (connection: Connection<Message>, side: 0 | 1) => void,
  ): void {
    for (const connection of this.#connections.values()) {
      if (connection.hosts[0] === from && connection.hosts[1] === to) act(connection, 1);
      else if (connection.hosts[1] === from && connection.hosts[0] === to) act(connection, 0);
    }
  }
}
