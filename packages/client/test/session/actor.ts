/** A client of the model server: the session, its connection, and what its application saw. */
import { type Command, type Effect, Session, type SessionEvent } from '@choir/client/session';
import type { ClientId, FromClient, GroupName, LocalId } from '@choir/protocol';
import type { Random } from '@choir/testkit';
import { Link, type ModelServer } from './model-server.ts';

export type Fate = 'pending' | 'settled' | 'refused' | 'conflict' | 'discarded';

/** Starting from the state as of `from`, the deliveries up to `until`. */
export type Run = { readonly from: number; until: number; readonly positions: number[] };

type Told<Kind> = Extract<SessionEvent, { kind: Kind }>;

/** Something the application was told, and when it was, in turns of its own. */
export type Turned<Kind> = Told<Kind> & { readonly turn: number };

export class Actor {
  readonly id: ClientId;
  readonly session: Session;
  readonly fates = new Map<LocalId, Fate>();
  /** Turns in which something was written, to tell what was known then. */
  readonly written = new Map<LocalId, number>();
  readonly messages: Turned<'message'>[] = [];
  /** Blocks that have ended. */
  readonly blocks: (Turned<'joined'> | Turned<'rejoined'>)[] = [];
  readonly refusals: Turned<'refused'>[] = [];
  readonly withdrawn: Turned<'withdrawn'>[] = [];
  readonly runs = new Map<GroupName, Run[]>();
  readonly problems: string[] = [];
  readonly #server: ModelServer;
  #link: Link | null = null;
  #connection = 0;
  #in: FromClient[] = [];
  #turn = 0;
  now = 0;

  constructor(id: ClientId, server: ModelServer, random: Random) {
    this.id = id;
    this.#server = server;
    const secret = new Uint8Array(16);
    this.session = new Session({ clientId: id, secret, random: () => random.unit() });
    this.session.start(0);
    this.#perform();
  }

  get isConnected(): boolean {
    return this.#link !== null;
  }

  /** Messages under way in either direction. */
  get underWay(): number {
    return this.#in.length + (this.#link?.out.length ?? 0);
  }

  do(command: Command): void {
    const result = this.session.command(command, this.now);
    if (result.kind === 'accepted' && result.id !== 0 && !this.fates.has(result.id as LocalId)) {
      this.#turn += 1;
      this.fates.set(result.id as LocalId, 'pending');
      this.written.set(result.id as LocalId, this.#turn);
    }
    this.#perform();
  }

  /** Opens the connection that the session wants, after whatever time it wants to wait. */
  connect(): void {
    if (this.session.state === 'offline') this.#timeout();
    if (this.session.state !== 'connecting' || this.#link !== null) return;
    this.#link = new Link(this.id);
    this.session.opened(this.#connection, this.now);
    this.#perform();
  }

  /** Lets one message arrive at the server, or at the client. */
  carry(toServer: boolean): void {
    if (this.#link === null) return;
    if (toServer) {
      const message = this.#in.shift();
      if (message !== undefined) this.#server.hear(this.#link, message);
      return;
    }
    const message = this.#link.out.shift();
    if (message === undefined) return;
    this.session.received(this.#connection, message, this.now);
    this.#perform();
  }

  /** The connection breaks; `arriving` of what is under way still reaches the server. */
  cut(arriving: number, serverNotices: boolean): void {
    const link = this.#link;
    if (link === null) return;
    for (const message of this.#in.slice(0, arriving)) this.#server.hear(link, message);
    this.#drop();
    if (serverNotices) this.#server.detach(link);
    this.session.closed(this.#connection, this.now);
    this.#perform();
  }

  /** Moves its time to its next timer. */
  tick(): void {
    if (this.session.state === 'online') this.#timeout();
  }

  #timeout(): void {
    const next = this.session.nextTimeout();
    if (next === null || next > 1e8) return;
    this.now = Math.max(this.now, next);
    this.session.timeout(this.now);
    this.#perform();
  }

  #drop(): void {
    this.#link = null;
    this.#in = [];
  }

  #perform(): void {
    for (const effect of this.session.drain()) this.#performOne(effect);
  }

  #performOne(effect: Effect): void {
    if (effect.kind === 'open') this.#connection = effect.connection;
    else if (effect.kind === 'close') this.#drop();
    else if (effect.kind === 'send') this.#in.push(effect.message);
    else if (effect.kind === 'emit') this.#note(effect.event);
  }

  #note(event: SessionEvent): void {
    this.#turn += 1;
    const turn = this.#turn;
    switch (event.kind) {
      case 'violation':
        this.problems.push(event.message);
        return;
      case 'settled':
        this.#end(event.localId, 'settled');
        return;
      case 'refused':
        this.refusals.push({ ...event, turn });
        this.#end(event.localId, 'refused');
        return;
      case 'withdrawn':
        this.withdrawn.push({ ...event, turn });
        this.#end(event.localId, event.why);
        return;
      case 'given_back':
        this.fates.set(event.localId, 'pending');
        return;
      case 'message':
        this.messages.push({ ...event, turn });
        this.#message(event);
        return;
      case 'joined':
        this.blocks.push({ ...event, turn });
        this.#run(event.group, event.at.seq);
        return;
      case 'rejoined':
        this.blocks.push({ ...event, turn });
        this.#rejoined(event);
        return;
      case 'left':
        this.runs.delete(event.group);
        return;
      default:
    }
  }

  #end(id: LocalId, fate: Fate): void {
    if (this.fates.get(id) !== 'pending') {
      this.problems.push(`${id} was ${this.fates.get(id)} and is ${fate}`);
    }
    this.fates.set(id, fate);
  }

  #message({ group, at }: Told<'message'>): void {
    const run = this.runs.get(group)?.at(-1);
    if (run === undefined) {
      this.problems.push(`${at.seq} came before there was a state`);
      return;
    }
    run.positions.push(at.seq);
    run.until = at.seq;
  }

  #rejoined({ group, at, gap }: Told<'rejoined'>): void {
    const run = this.runs.get(group)?.at(-1);
    if (gap) this.#run(group, at.seq);
    else if (run !== undefined) run.until = at.seq;
  }

  #run(group: GroupName, from: number): void {
    const runs = this.runs.get(group) ?? [];
    runs.push({ from, until: from, positions: [] });
    this.runs.set(group, runs);
  }
}
