/**
 * The client's session (docs/design/client-session.md): everything that a client decides, as a pure
 * state machine. Inputs and commands carry `now`, monotonic milliseconds; what is to be done is drained
 * as effects after each of them, and `nextTimeout` says when to call `timeout`.
 *
 * This file composes the parts and routes between them; the invariants E1–E8 are the document's.
 */
import {
  type ClientId,
  type FromClient,
  type FromServer,
  type GroupName,
  PROTOCOL_VERSION,
} from '@choir/protocol';
import { Commanding } from './commanding.ts';
import type { Command, CommandResult } from './commands.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { Credentials } from './credentials.ts';
import { type Effect, Effects, type OutboxRecord } from './effects.ts';
import type { Followed } from './followed.ts';
import { Following } from './following.ts';
import { Membership } from './membership.ts';
import { Outbox } from './outbox.ts';
import { Reads } from './reads.ts';
import { Receiving } from './receiving.ts';
import { Requests } from './requests.ts';
import type { SessionOptions } from './session-options.ts';
import { Settling } from './settling.ts';
import { SizeLimits } from './size-limits.ts';

/** Goodbyes after which the session is over (E6). */
const final: ReadonlySet<string> = new Set([
  'SUPERSEDED',
  'EXPIRED',
  'WRONG_SECRET',
  'VERSION',
  'UNAUTHORIZED',
]);

export class Session {
  readonly #secret: Uint8Array;
  readonly #agent: string;
  readonly #effects = new Effects();
  readonly #requests = new Requests();
  readonly #sizeLimits = new SizeLimits();
  readonly #connection: Connection;
  readonly #credentials: Credentials;
  readonly #outbox: Outbox;
  readonly #following: Following;
  readonly #membership: Membership;
  readonly #reads: Reads;
  readonly #commanding: Commanding;
  readonly #receiving: Receiving;
  #me: ClientId | null;

  constructor(options: SessionOptions) {
    const { random, lastLocalId = 0 } = options;
    const { outboxMessagesMax: messagesMax = 10_000, outboxBytesMax: bytesMax = 64 * 2 ** 20 } =
      options;
    const effects = this.#effects;
    const requests = this.#requests;
    const sizeLimits = this.#sizeLimits;
    const connection = new Connection(options, effects);
    const outbox = new Outbox({ messagesMax, bytesMax, lastLocalId, sizeLimits }, effects);
    const following = new Following(requests, outbox, effects);
    const membership = new Membership(following, connection, { effects, outbox, random });
    const settling = new Settling({ outbox, following, effects, connection, random, membership });
    const reads = new Reads(requests, effects);
    const parts = { connection, effects, outbox, requests, following, membership, reads };
    this.#commanding = new Commanding({ ...parts, sizeLimits });
    const { releaseUnwanted } = this.#commanding;
    this.#receiving = new Receiving({ ...parts, settling, releaseUnwanted });
    const inUse = options.asksForToken === true;
    this.#credentials = new Credentials(inUse, { connection, effects, random });
    this.#connection = connection;
    this.#outbox = outbox;
    this.#following = following;
    this.#membership = membership;
    this.#reads = reads;
    this.#secret = options.secret;
    this.#agent = options.agent ?? '';
    this.#me = options.clientId ?? null;
    this.#restore(options.stored ?? []);
  }

  // What is so now.

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Null until the server has issued one. */
  get clientId(): ClientId | null {
    return this.#me;
  }

  /** Submissions that are neither settled nor withdrawn. */
  get pending(): number {
    return this.#outbox.count;
  }

  /** A group that is followed, with the client's copy; null when it is not. */
  group(name: GroupName): Readonly<Followed> | null {
    return this.#following.get(name);
  }

  get groups(): Iterable<Readonly<Followed>> {
    return this.#following.all;
  }

  // Inputs. Those of a connection that was given up are ignored.

  start(now: number): void {
    if (this.state === 'offline' && this.#connection.number === 0) this.#dial(now);
  }

  opened(connection: number, now: number): void {
    if (!this.#connection.isCurrent(connection)) return;
    this.#connection.tick(now);
    if (this.#credentials.inUse) this.#credentials.ask();
    else this.#hello();
  }

  /** The application's answer to `authenticate`. */
  token(connection: number, token: string, now: number): void {
    if (!this.#connection.isCurrent(connection)) return;
    this.#connection.tick(now);
    if (this.#credentials.isOld(token)) {
      this.#end('CREDENTIALS_EXPIRED', 'The token has expired, and there is no newer one.');
      return;
    }
    this.#credentials.show(token);
    if (this.state === 'connecting') this.#hello();
  }

  /** The application could not give a token. */
  noToken(connection: number, problem: string, now: number): void {
    if (!this.#connection.isCurrent(connection)) return;
    if (this.state === 'online') this.#credentials.renewLater(now);
    else this.#lose(now, { why: `There was no token: ${problem}`, close: true });
  }

  received(connection: number, message: FromServer, now: number): void {
    if (!this.#connection.isCurrent(connection)) return;
    this.#connection.tick(now);
    this.#connection.heard(now);
    const breach = this.#receive(message, now);
    if (breach !== null) {
      this.#effects.emit({ kind: 'violation', message: breach });
      this.#lose(now, { why: 'The server broke the protocol.', close: true });
    }
    this.#sendWhatMayGo();
  }

  /** The driver could not read what the server sent. */
  unreadable(connection: number, problem: string, now: number): void {
    if (!this.#connection.isCurrent(connection)) return;
    this.#effects.emit({ kind: 'violation', message: problem });
    this.#lose(now, { why: 'The server broke the protocol.', close: true });
  }

  closed(connection: number, now: number, why = 'The connection was lost.'): void {
    if (!this.#connection.isCurrent(connection)) return;
    this.#lose(now, { why, close: false });
  }

  /**
   * There may be a network again, or somebody looks: tries at once instead of waiting, but for what a
   * goodbye asked.
   */
  wake(now: number): void {
    this.#connection.tick(now);
    if (this.#connection.mayWake(now)) this.#dial(now);
  }

  timeout(now: number): void {
    this.#connection.tick(now);
    switch (this.#connection.due(now)) {
      case 'dial':
        this.#dial(now);
        break;
      case 'ping':
        this.#connection.ping(now);
        break;
      case 'wait':
        this.#connection.wait(now);
        break;
      case 'give_up':
        this.#lose(now, { why: 'The server did not answer.', close: true });
        break;
      default:
    }
    if (this.state !== 'online') return;
    this.#credentials.renew(now);
    this.#membership.retry(now);
    this.#outbox.retry(now);
    this.#sendWhatMayGo();
  }

  /** When to call `timeout`; null when there is nothing to wait for. */
  nextTimeout(): number | null {
    const connection = this.#connection.nextTimeout;
    if (this.state !== 'online') return connection;
    const { renewAt } = this.#credentials;
    const times = [connection, renewAt, this.#membership.retryAt, this.#outbox.nextRetry];
    return Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
  }

  /** What is to be done, in this order, since the last call. */
  drain(): readonly Effect[] {
    return this.#effects.drain();
  }

  command(command: Command, now: number): CommandResult {
    if (this.state === 'closed') return { kind: 'refused', code: 'CLOSED' };
    this.#connection.tick(now);
    if (command.kind === 'close') {
      this.#close();
      return { kind: 'accepted', id: 0 };
    }
    const result = this.#commanding.perform(command);
    this.#sendWhatMayGo();
    return result;
  }

  #receive(message: FromServer, now: number): string | null {
    if (message.kind === 'welcome') return this.#welcome(message, now);
    if (message.kind === 'goodbye') {
      this.#goodbye(message, now);
      return null;
    }
    if (message.kind === 'authorized') return this.#credentials.authorized(message, now);
    if (this.state !== 'online' || this.#me === null) return 'A message came before the welcome.';
    return this.#receiving.receive(message, this.#me, now);
  }

  #welcome(message: Extract<FromServer, { kind: 'welcome' }>, now: number): string | null {
    const { version, clientId, session, heartbeatMs, messageBytes } = message;
    if (this.state !== 'connecting') return 'The server said welcome twice.';
    if (version !== PROTOCOL_VERSION) {
      const own = `this client version ${PROTOCOL_VERSION}`;
      this.#end('VERSION', `The server speaks version ${version} of the protocol, ${own}.`);
      return null;
    }
    if (this.#me !== null && clientId !== this.#me)
      return 'The server took this for another client.';
    if (this.#me === null || !this.#connection.isSettled) {
      this.#effects.push({ kind: 'identify', clientId, server: this.#connection.server });
    }
    this.#me = clientId;
    this.#connection.welcomed(heartbeatMs, now);
    this.#sizeLimits.welcomed(messageBytes);
    this.#tell(null, '');
    this.#effects.emit({ kind: 'attached', clientId, session });
    this.#membership.ask();
    this.#reads.askAll(this.#say);
    this.#outbox.stir();
    return null;
  }

  #goodbye(message: Extract<FromServer, { kind: 'goodbye' }>, now: number): void {
    const { code, message: why, retryAfterMs } = message;
    if (code === 'CREDENTIALS_EXPIRED') this.#credentials.hasExpired();
    // This client says hello first of all: the network was slow, and the server gave it up.
    const floorMs = code === 'NO_HELLO' ? 0 : retryAfterMs;
    if (floorMs === undefined || final.has(code)) this.#end(code, this.#explained(code, why));
    else this.#lose(now, { why, close: true, floorMs });
  }

  #hello(): void {
    const clientId = this.#me === null ? {} : { clientId: this.#me };
    const identity = { ...clientId, secret: this.#secret };
    this.#say({ kind: 'hello', version: PROTOCOL_VERSION, agent: this.#agent, ...identity });
  }

  /** What the application can do about it. */
  #explained(code: string, why: string): string {
    if (code !== 'UNAUTHORIZED') return why;
    const remedy = this.#credentials.inUse
      ? 'Connect with a token that this server takes.'
      : 'Connect with one (option "token").';
    return `${why} ${remedy}`;
  }

  #dial(now: number): void {
    this.#connection.dial(now);
    this.#tell(null, '');
  }

  #lose(now: number, how: { why: string; close: boolean; floorMs?: number }): void {
    const { heardAt, number: connection } = this.#connection;
    if (how.close) this.#effects.push({ kind: 'close', connection });
    const retryInMs = this.#connection.lost(now, how.floorMs ?? 0);
    this.#membership.disconnected(heardAt);
    this.#outbox.disconnected();
    this.#requests.disconnected();
    this.#reads.disconnected();
    this.#credentials.disconnected();
    this.#tell(retryInMs, how.why);
  }

  #close(): void {
    if (this.state === 'online') this.#say({ kind: 'bye' });
    this.#end('CLOSED', 'The client was closed.');
  }

  #end(code: string, message: string): void {
    const { heardAt, number: connection } = this.#connection;
    if (this.#connection.isCurrent(connection)) this.#effects.push({ kind: 'close', connection });
    this.#connection.close();
    this.#membership.disconnected(heardAt);
    this.#tell(null, message);
    this.#effects.emit({ kind: 'ended', code, message });
  }

  #sendWhatMayGo(): void {
    if (this.state !== 'online' || !this.#outbox.takeStirred()) return;
    const mayGo = this.#following.mayGo.bind(this.#following);
    for (const chain of this.#outbox.chains) {
      for (let next = chain.next(mayGo); next !== null; next = chain.next(mayGo)) {
        this.#outbox.goesOut(next.localId);
        this.#say({ kind: 'submit', ...next });
      }
    }
  }

  /** A request that was cancelled too late was granted: the lock set is given back. */
  #restore(records: readonly OutboxRecord[]): void {
    for (const record of records) this.#outbox.restore(record);
    const leaving = new Set(records.flatMap((r) => (r.body.kind === 'leave' ? [r.group] : [])));
    for (const { group, memberName: name } of records) {
      if (name !== null && !leaving.has(group)) this.#membership.join([{ group, name }]);
    }
  }

  readonly #say = (message: FromClient): void => this.#connection.send(message);

  #tell(retryInMs: number | null, why: string): void {
    const { state, server } = this.#connection;
    const pending = this.#outbox.count;
    this.#effects.emit({ kind: 'connection', state, server, pending, retryInMs, why });
  }
}
