/**
 * The client's session (docs/design/client-session.md): everything that a client decides, as a pure
 * state machine. Inputs and commands carry `now`, monotonic milliseconds; what is to be done is drained
 * as effects after each of them, and `nextTimeout` says when to call `timeout`.
 *
 * This file composes the parts and routes between them; the invariants E1–E7 are the document's.
 */
import {
  type ClientId,
  type FromClient,
  type FromServer,
  type GroupName,
  limits,
} from '@choir/protocol';
import type { Command, CommandResult, SubmissionCommand } from './commands.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { type Effect, Effects, type OutboxRecord } from './effects.ts';
import type { Followed } from './followed.ts';
import { Following } from './following.ts';
import { Membership } from './membership.ts';
import { Outbox } from './outbox.ts';
import { Reads } from './reads.ts';
import { Receiving } from './receiving.ts';
import { type Request, Requests } from './requests.ts';
import { Settling } from './settling.ts';
import { draftOf } from './submitting.ts';

export type SessionOptions = {
  /** The identity to resume or to ask for; without one the server issues it. */
  readonly clientId?: ClientId;
  /** Proves the identity: 16–64 random bytes, the same for the life of the client id. */
  readonly secret: Uint8Array;
  /** Names the program to the server, up to 100 bytes. */
  readonly agent?: string;
  /** How many servers there are to try in turn; default 1. */
  readonly servers?: number;
  /** Uniform in [0, 1): for the jitter of back-off. */
  readonly random: () => number;
  /** What an earlier process of this client left pending. */
  readonly stored?: readonly OutboxRecord[];
  /** Highest local id that this client has ever used; default 0. */
  readonly lastLocalId?: number;
  /** Submissions that may be pending; default 10,000. */
  readonly outboxMessagesMax?: number;
  /** Bytes that they may take, about; default 64 MiB. */
  readonly outboxBytesMax?: number;
};

export const protocolVersion = 1;

const requestsMax = 1_000;
const accepted: CommandResult = { kind: 'accepted', id: 0 };
/** Goodbyes after which the session is over (E6). */
const final: ReadonlySet<string> = new Set(['SUPERSEDED', 'EXPIRED', 'WRONG_SECRET', 'VERSION']);

export class Session {
  readonly #secret: Uint8Array;
  readonly #agent: string;
  readonly #effects = new Effects();
  readonly #requests = new Requests();
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #following: Following;
  readonly #membership: Membership;
  readonly #reads: Reads;
  readonly #receiving: Receiving;
  #me: ClientId | null;

  constructor(options: SessionOptions) {
    const { random, servers = 1, lastLocalId = 0 } = options;
    const { outboxMessagesMax: messagesMax = 10_000, outboxBytesMax: bytesMax = 64 * 2 ** 20 } =
      options;
    const effects = this.#effects;
    const requests = this.#requests;
    const connection = new Connection(servers, random, effects);
    const outbox = new Outbox({ messagesMax, bytesMax, lastLocalId }, effects);
    const following = new Following(requests, outbox, effects);
    const membership = new Membership(following, connection, { effects, outbox, random });
    const settling = new Settling({ outbox, following, effects, connection, random, membership });
    const reads = new Reads(requests, effects);
    const releaseUnwanted = (group: Followed): void => this.#releaseUnwanted(group);
    const parts = { outbox, requests, following, membership, settling, reads, releaseUnwanted };
    this.#receiving = new Receiving(parts);
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
    const clientId = this.#me === null ? {} : { clientId: this.#me };
    const identity = { ...clientId, secret: this.#secret };
    this.#say({ kind: 'hello', version: protocolVersion, agent: this.#agent, ...identity });
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

  closed(connection: number, now: number): void {
    if (!this.#connection.isCurrent(connection)) return;
    this.#lose(now, { why: 'The connection was lost.', close: false });
  }

  /** There may be a network again: tries at once instead of waiting. */
  wake(now: number): void {
    this.#connection.tick(now);
    if (this.state === 'offline' && this.#connection.number > 0) this.#dial(now);
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
      case 'give_up':
        this.#lose(now, { why: 'The server did not answer.', close: true });
        break;
      default:
    }
    if (this.state !== 'online') return;
    this.#membership.retry(now);
    this.#outbox.retry(now);
    this.#sendWhatMayGo();
  }

  /** When to call `timeout`; null when there is nothing to wait for. */
  nextTimeout(): number | null {
    const connection = this.#connection.nextTimeout;
    if (this.state !== 'online') return connection;
    const times = [connection, this.#membership.retryAt, this.#outbox.nextRetry];
    return Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
  }

  /** What is to be done, in this order, since the last call. */
  drain(): readonly Effect[] {
    return this.#effects.drain();
  }

  command(command: Command, now: number): CommandResult {
    if (this.state === 'closed') return { kind: 'refused', code: 'CLOSED' };
    this.#connection.tick(now);
    const result = this.#perform(command);
    this.#sendWhatMayGo();
    return result;
  }

  #perform(command: Command): CommandResult {
    switch (command.kind) {
      case 'join':
        return this.#membership.join(command.groups);
      case 'watch':
        return this.#membership.watch(command);
      case 'unwatch':
        return this.#membership.unwatch(command.group);
      case 'volatile':
        if (command.data.byteLength > limits.messageBytes) {
          return { kind: 'refused', code: 'TOO_LARGE' };
        }
        if (this.state === 'online') this.#say(command);
        return accepted;
      case 'read':
        if (command.objects.length > limits.readObjects) {
          return { kind: 'refused', code: 'MALFORMED' };
        }
        return this.#request(command);
      case 'status':
        return this.#request(command);
      case 'close':
        this.#close();
        return accepted;
      default:
        return this.#submit(command);
    }
  }

  #submit(command: SubmissionCommand): CommandResult {
    const leave = command.kind === 'leave' ? this.#membership.leavingAlready(command.group) : null;
    if (leave !== null) return { kind: 'accepted', id: leave };
    const draft = draftOf(command, this.#following);
    if (typeof draft === 'string') return { kind: 'refused', code: draft };
    const objection = this.#outbox.objection(draft.body);
    if (objection !== null) return { kind: 'refused', code: objection };
    const { localId, group: name, body } = this.#outbox.add(draft);
    const locks = this.#following.get(name)?.locks;
    if (body.kind === 'leave') this.#membership.leaving(name, localId);
    if (body.kind === 'lock_request') locks?.requested(localId, body);
    if (body.kind === 'lock_release') locks?.releasing(body.lockSet, body.objects);
    if (body.kind === 'lock_cancel') locks?.cancelled(body.request);
    return { kind: 'accepted', id: localId };
  }

  #request(request: Request): CommandResult {
    if (this.#requests.reads >= requestsMax) return { kind: 'refused', code: 'TOO_MANY_REQUESTS' };
    const id = this.#requests.add(request);
    if (this.state === 'online') this.#reads.ask(id, request, this.#say);
    return { kind: 'accepted', id };
  }

  #receive(message: FromServer, now: number): string | null {
    if (message.kind === 'welcome') return this.#welcome(message, now);
    if (message.kind === 'goodbye') {
      this.#goodbye(message, now);
      return null;
    }
    if (this.state !== 'online' || this.#me === null) return 'A message came before the welcome.';
    return this.#receiving.receive(message, this.#me, now);
  }

  #welcome(message: Extract<FromServer, { kind: 'welcome' }>, now: number): string | null {
    const { version, clientId, session, heartbeatMs } = message;
    if (this.state !== 'connecting') return 'The server said welcome twice.';
    if (version !== protocolVersion) return `The server speaks version ${version}.`;
    if (this.#me !== null && clientId !== this.#me)
      return 'The server took this for another client.';
    if (this.#me === null) this.#effects.push({ kind: 'identify', clientId });
    this.#me = clientId;
    this.#connection.welcomed(heartbeatMs, now);
    this.#tell(null, '');
    this.#effects.emit({ kind: 'attached', clientId, session });
    this.#membership.ask();
    this.#reads.askAll(this.#say);
    this.#outbox.stir();
    return null;
  }

  #goodbye(message: Extract<FromServer, { kind: 'goodbye' }>, now: number): void {
    const { code, message: why, retryAfterMs } = message;
    // This client says hello first of all: the network was slow, and the server gave it up.
    const floorMs = code === 'NO_HELLO' ? 0 : retryAfterMs;
    if (floorMs === undefined || final.has(code)) this.#end(code, why);
    else this.#lose(now, { why, close: true, floorMs });
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
    this.#tell(retryInMs, how.why);
  }

  #close(): void {
    if (this.state === 'online') this.#say({ kind: 'bye' });
    this.#end('CLOSED', 'The client was closed.');
  }

  #end(code: string, message: string): void {
    const { number: connection } = this.#connection;
    if (this.#connection.isCurrent(connection)) this.#effects.push({ kind: 'close', connection });
    this.#connection.close();
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
  #releaseUnwanted({ name: group, locks }: Followed): void {
    for (const lockSet of locks.takeUnwanted()) {
      const draft = draftOf({ kind: 'release', group, lockSet, objects: [] }, this.#following);
      if (typeof draft === 'string') continue;
      // Beyond the limit of the outbox if need be: there are no more of these than lock requests.
      const { localId } = this.#outbox.add(draft);
      locks.releasing(lockSet, []);
      this.#effects.emit({ kind: 'given_back', group, lockSet, localId });
    }
  }

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
