/** What a case has: a server, names that nobody else uses, and clients that are closed after it. */
import { randomBytes } from 'node:crypto';
import { type FromClient, subprotocols } from '@choir/protocol';
import { Actor, type Identity } from './actor.ts';
import { hello } from './messages.ts';
import { Peer, type Rendering } from './peer.ts';

export type Server = {
  readonly url: string;
  /** Where the server asks for credentials. */
  readonly token: string | null;
  /** How long an answer may take. */
  readonly patienceMs: number;
};

export class Stage {
  readonly rendering: Rendering;
  readonly #server: Server;
  readonly #place = `conformance-${randomBytes(6).toString('hex')}`;
  readonly #peers: Peer[] = [];
  #clients = 0;

  constructor(server: Server, rendering: Rendering) {
    this.#server = server;
    this.rendering = rendering;
  }

  /** A group of this case only; all of them are related (N6). */
  group(name = 'a'): string {
    return `${this.#place}/${name}`;
  }

  /** A group that is related to none of those. */
  unrelated(): string {
    return `${this.#place}-other`;
  }

  identity(): Identity {
    this.#clients += 1;
    const secret = new Uint8Array(randomBytes(32));
    return { clientId: `${this.#place}-${this.#clients}`, secret };
  }

  /** Connected, and nothing said. */
  async peer(offered?: readonly string[], rendering = this.rendering): Promise<Peer> {
    const { url, patienceMs } = this.#server;
    const offer = offered === undefined ? {} : { offered };
    const peer = await Peer.open(url, { rendering, ...offer, patienceMs });
    this.#peers.push(peer);
    return peer;
  }

  /** What is to be said before a hello. */
  credentials(): readonly FromClient[] {
    const { token } = this.#server;
    return token === null ? [] : [{ kind: 'credentials', token }];
  }

  /** Connected and welcome. */
  async actor(identity = this.identity()): Promise<Actor> {
    const peer = await this.peer([subprotocols[this.rendering]]);
    peer.send(...this.credentials(), hello(identity));
    return new Actor(peer, identity, await peer.next('welcome'));
  }

  /** Welcome, and a member of the group. */
  async member(group: string, identity = this.identity()): Promise<Actor> {
    const actor = await this.actor(identity);
    await actor.join(group);
    return actor;
  }

  end(): void {
    for (const peer of this.#peers) peer.close();
  }
}
