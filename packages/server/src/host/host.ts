/**
 * The host: between connections, the order and the groups service (docs/design/server.md). It submits
 * what clients send, applies what is committed, and feeds every session from its cursor.
 *
 * Boundary: pure. The driver tells what happened, calls `takeEffects` when `nextTimeout` is over, once
 * for all that one turn of its loop brought, and performs the effects in their order. Times are in
 * milliseconds: `now` monotonic, `wallMs` since 1970.
 */
import { type GroupSummary, UnknownCommandError } from '@choir/groups';
import type { JournalFailureCode, JournalReply } from '@choir/journal';
import type { Ordered } from '@choir/ordering';
import { codes, type FromClient, type FromServer, type Refusal } from '@choir/protocol';
import { assemble, type HostOptions, type HostParts } from './assembly.ts';
import type { Connection } from './connection.ts';
import { judge, type Verdict } from './credentials.ts';
import type { ConnectionId, HostEffect } from './effect.ts';
import { type Figures, figuresOf } from './figures.ts';
import { storageNotice } from './storage-notice.ts';

type Status = Extract<FromServer, { kind: 'status' }>;

/** `closing`: what is under way is still stored. `stopped`: nothing happens any more. */
type Phase = 'running' | 'closing' | 'failed' | 'stopped';

/** Bytes of entries read at once. */
const readBytes = 1024 * 1024;
/** When clients are to try again, by what ended their connection. */
const retryAfterMs = { LIMIT: 5_000, SHUTDOWN: 1_000, STORAGE: 5_000 } as const;

export class Host {
  readonly #parts: HostParts;
  readonly #startedAt: number;
  #phase: Phase = 'running';
  #now: number;
  /** Something happened that the next turn has to deal with. */
  #stirred = true;
  /** For the operator; it may name files. */
  #failure = '';
  /** The same for clients. */
  #notice = '';
  #failureCode: JournalFailureCode | null = null;

  constructor(options: HostOptions, now: number) {
    this.#parts = assemble(options, (requestId) => this.#status(requestId));
    this.#startedAt = now;
    this.#now = now;
    if (this.#parts.problem !== null) this.#fail(this.#parts.problem);
  }

  connectionOpened(id: ConnectionId, now: number): void {
    const { connections, settings } = this.#parts;
    this.#stirred = true;
    const isFull = connections.count >= settings.connectionsMax;
    const connection = connections.open(id, now);
    if (isFull) this.#end(connection, 'LIMIT', 'The server has too many connections.');
    if (this.#phase === 'closing') this.#end(connection, 'SHUTDOWN', codes.SHUTDOWN);
    if (this.#phase === 'failed') this.#end(connection, 'STORAGE', this.#notice);
  }

  /** The messages of one frame. */
  received(id: ConnectionId, messages: readonly FromClient[], now: number): void {
    const connection = this.#parts.connections.get(id);
    if (connection === undefined) return;
    this.#stirred = true;
    connection.heardAt = now;
    this.#parts.waitingRoom.admit(connection, messages, now);
  }

  /** A frame came that is none of this protocol. */
  refusedFrame(id: ConnectionId, refusal: Refusal): void {
    const connection = this.#parts.connections.get(id);
    this.#stirred = true;
    connection?.end(refusal);
  }

  /** The connection is gone, by whatever end. */
  connectionClosed(id: ConnectionId): void {
    const connection = this.#parts.connections.get(id);
    if (connection === undefined) return;
    this.#stirred = true;
    this.#forget(connection);
  }

  /** The client's end is alive: the answer to a probe, or any other sign below the protocol. */
  heard(id: ConnectionId, now: number): void {
    const connection = this.#parts.connections.get(id);
    if (connection !== undefined) connection.heardAt = now;
  }

  /** What the driver found the token to be that it was to verify. */
  verified(id: ConnectionId, verdict: Verdict, now: number): void {
    const connection = this.#parts.connections.get(id);
    if (connection === undefined) return;
    this.#stirred = true;
    const { connections } = this.#parts;
    judge(connection, verdict, { now, authorize: (...one) => connections.authorize(...one) });
  }

  /**
   * How many of the bytes given for a connection wait in the driver's hands. To be told after every
   * `send` and whenever they have become less.
   */
  buffered(id: ConnectionId, bytes: number): void {
    const connection = this.#parts.connections.get(id);
    if (connection?.buffered(bytes) !== true) return;
    const { session } = connection;
    if (session?.waits !== true && connection.held.length === 0) return;
    session?.wake();
    this.#stirred = true;
  }

  journalReplied(reply: JournalReply): void {
    if (this.#phase === 'stopped') return;
    this.#stirred = true;
    if (reply.kind === 'failed') this.#fail(reply.failure.message, reply.failure.code);
    else this.#parts.link.replied(reply);
  }

  /** Begins an orderly end; `stop` follows when everything is stored. */
  shutdown(): void {
    if (this.#phase !== 'running') return;
    this.#stirred = true;
    this.#phase = 'closing';
    for (const connection of this.#parts.connections.all()) {
      this.#end(connection, 'SHUTDOWN', codes.SHUTDOWN);
    }
  }

  /** Whether messages can be taken now, and if not, why, in words for clients. */
  health(): { readonly writable: boolean; readonly why: string } {
    const { applier, ordering } = this.#parts;
    if (this.#phase === 'failed' || this.#phase === 'stopped') {
      return { writable: false, why: this.#notice };
    }
    const { why } = ordering.status();
    return { writable: applier.ready && why === '', why };
  }

  /** Whether new clients are welcome, and if not, why. */
  readiness(): { readonly ready: boolean; readonly why: string } {
    const { connections, settings } = this.#parts;
    const { writable, why } = this.health();
    if (this.#phase === 'closing') return { ready: false, why: codes.SHUTDOWN };
    if (writable && connections.count >= settings.connectionsMax) {
      return { ready: false, why: 'The server has too many connections.' };
    }
    return { ready: writable, why };
  }

  /** All groups in a few numbers each. */
  groups(): readonly GroupSummary[] {
    return this.#parts.service.summaries();
  }

  /** What it has and what it did so far. Looks at every connection. */
  figures(): Figures {
    return figuresOf(this.#parts);
  }

  /** Bytes that are kept for readers, against the bounds in the settings. */
  memory(): { readonly tails: number; readonly contents: number } {
    return this.#parts.streams.bytes;
  }

  /** When `takeEffects` is to be called: a time that may be over; null when nothing is due. */
  nextTimeout(): number | null {
    if (this.#phase === 'stopped') return null;
    if (this.#stirred) return this.#now;
    // At the end only the journal's answers are waited for.
    if (this.#phase !== 'running') return null;
    const { connections, retention, timers, rows, streams, waitingRoom } = this.#parts;
    const timer = waitingRoom.full ? null : timers.nextDue;
    const soonest = earliest(connections.nextSweep, waitingRoom.nextPaced);
    const stored = earliest(rows.nextDue, streams.calmNews.nextDue);
    const cut = this.#mayCut ? retention.nextDue : null;
    return earliest(earliest(earliest(soonest, stored), timer), cut);
  }

  /** Does what is to be done now. Everything that was received goes before what is due. */
  takeEffects(now: number, wallMs: number): readonly HostEffect[] {
    this.#now = now;
    this.#stirred = false;
    const sending: HostEffect[] = [];
    if (this.#phase === 'running') this.#run(now, wallMs);
    else if (this.#phase === 'closing') this.#apply(now);
    for (const connection of this.#parts.connections.takeEffects(sending)) {
      this.#forget(connection);
    }
    this.#parts.streams.endTurn(this.#parts.rows.storedTo);
    // What is sent was committed before: the disk need not wait for it to be written to the sockets.
    const effects = this.#isOver ? [] : this.#askJournal(now, wallMs);
    for (const effect of sending) effects.push(effect);
    this.#judgeEnd(effects);
    return effects;
  }

  #run(now: number, wallMs: number): void {
    const { connections, sessions, settings, snapshots, streams, waitingRoom, feed } = this.#parts;
    connections.sweep(now);
    this.#apply(now);
    if (this.#isOver) return;
    waitingRoom.catchUp(now);
    this.#propose(now);
    if (this.#mayCut) this.#parts.retention.run(now, wallMs);
    snapshots.takeIfDue();
    streams.calmNews.wake(now);
    feed.run(sessions.takeReady(settings.fedPerTurn));
    if (sessions.anyReady) this.#stirred = true;
  }

  /** What is to be said at once goes first. */
  get #mayCut(): boolean {
    const { applier, waitingRoom } = this.#parts;
    return this.#phase === 'running' && applier.ready && !waitingRoom.full;
  }

  /** Applies everything that is committed and at hand. */
  #apply(now: number): void {
    const { ordering, log } = this.#parts;
    while (!this.#isOver) {
      const result = ordering.read(log.head, readBytes);
      if (result.kind === 'wait') return;
      if (result.kind === 'gap') throw new Error(`The log does not go on after ${log.head.seq}.`);
      this.#applyAll(result.entries, now);
    }
  }

  /** What a later version wrote is not passed over: the log ends there for this one. */
  #applyAll(entries: readonly Ordered[], now: number): void {
    const { applier, snapshots } = this.#parts;
    try {
      for (const ordered of entries) {
        applier.apply(ordered, now);
        snapshots.applied(ordered.kind === 'entry' ? ordered.bytes.length : 0);
      }
    } catch (error) {
      if (!(error instanceof UnknownCommandError)) throw error;
      this.#fail(error.message);
    }
  }

  #propose(now: number): void {
    const { timers, submitter, waitingRoom } = this.#parts;
    while (!waitingRoom.full) {
      const proposal = timers.due(now);
      if (proposal === null) return;
      if (submitter.submit(proposal, null) === 'queued') timers.done();
      else waitingRoom.fill();
    }
  }

  get #isOver(): boolean {
    return this.#phase === 'failed' || this.#phase === 'stopped';
  }

  #askJournal(now: number, wallMs: number): HostEffect[] {
    const { link, rows, snapshots } = this.#parts;
    const closing = this.#phase === 'closing';
    rows.endTurn(now);
    if (closing && link.open === 0) snapshots.takeLast();
    const rowsBy = closing ? Number.POSITIVE_INFINITY : now;
    const effects: HostEffect[] = [];
    for (const request of link.takeRequests(rowsBy, wallMs)) {
      effects.push({ kind: 'journal', request });
    }
    return effects;
  }

  /** Whether it is over. An ordering that neither writes nor asks anything has given up. */
  #judgeEnd(effects: HostEffect[]): void {
    const { link, ordering } = this.#parts;
    if (this.#phase === 'failed') {
      const message = this.#failure;
      effects.push({ kind: 'stop', code: 'STORAGE', message, failure: this.#failureCode });
      this.#phase = 'stopped';
    } else if (this.#phase === 'closing' && link.open === 0) {
      effects.push({ kind: 'stop', code: 'SHUTDOWN', message: codes.SHUTDOWN, failure: null });
      this.#phase = 'stopped';
    } else if (this.#phase === 'running' && link.open === 0 && !ordering.status().writable) {
      this.#fail(ordering.status().why);
    }
  }

  /** Nothing more is acknowledged: the state of the disk is unknown (J4). */
  #fail(message: string, code: JournalFailureCode | null = null): void {
    if (this.#phase === 'failed') return;
    this.#phase = 'failed';
    this.#stirred = true;
    this.#failure = message;
    this.#failureCode = code;
    this.#notice = storageNotice(code);
    for (const connection of this.#parts.connections.all()) {
      this.#end(connection, 'STORAGE', this.#notice);
    }
  }

  #end(connection: Connection, code: keyof typeof retryAfterMs, message: string): void {
    connection.end({ code, message, retryAfterMs: retryAfterMs[code] });
  }

  #forget(connection: Connection): void {
    const { connections, sessions, submitter, waitingRoom } = this.#parts;
    connections.delete(connection);
    waitingRoom.leave(connection);
    const { session } = connection;
    connection.stage = 'closing';
    if (session === null) return;
    sessions.end(session);
    if (this.#phase === 'running') submitter.detach(session.client, session.id);
  }

  #status(requestId: number): Status {
    const { connections, log, service, settings } = this.#parts;
    return {
      kind: 'status',
      requestId,
      ...this.health(),
      head: log.head,
      ...service.counts(),
      connections: connections.count,
      uptimeMs: Math.floor(this.#now - this.#startedAt),
      version: settings.version,
    };
  }
}

function earliest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
