/** All connections: who is there, what goes out in this turn, who is silent or does not read. */
import { Connection } from './connection.ts';
import { type Credentials, endExpired } from './credentials.ts';
import type { ConnectionId, HostEffect } from './effect.ts';
import type { HostSettings } from './settings.ts';
import type { Tally } from './tally.ts';

/** How often silence and slowness are looked for. */
const sweepMs = 1_000;

export class Connections {
  readonly #settings: HostSettings;
  readonly #tally: Tally;
  readonly #byId = new Map<ConnectionId, Connection>();
  /** Connections with credentials, by their subject. */
  readonly #bySubject = new Map<string, number>();
  #dirty: Connection[] = [];
  #probes: Connection[] = [];
  #nextSweep = 0;

  constructor(settings: HostSettings, tally: Tally) {
    this.#settings = settings;
    this.#tally = tally;
  }

  get count(): number {
    return this.#byId.size;
  }

  /** When `sweep` is to be called again; null while there is no connection. */
  get nextSweep(): number | null {
    return this.#byId.size === 0 ? null : this.#nextSweep;
  }

  get(id: ConnectionId): Connection | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Connection> {
    return this.#byId.values();
  }

  open(id: ConnectionId, now: number): Connection {
    if (this.#byId.has(id)) throw new Error(`Connection ${id} was opened twice.`);
    if (this.#byId.size === 0) this.#nextSweep = now + sweepMs;
    const connection = new Connection(id, now, this.#settings, this.#dirty);
    this.#byId.set(id, connection);
    return connection;
  }

  /** Once for each: who is lost in the turn in which it ends is told of twice. */
  delete(connection: Connection): void {
    if (!this.#byId.delete(connection.id)) return;
    const subject = connection.credentials?.subject;
    if (subject === undefined) return;
    const left = (this.#bySubject.get(subject) ?? 0) - 1;
    if (left > 0) this.#bySubject.set(subject, left);
    else this.#bySubject.delete(subject);
  }

  /** Takes the credentials of a connection, unless their subject has too many of them. */
  authorize(connection: Connection, credentials: Credentials): boolean {
    if (connection.credentials === null) {
      const count = this.#bySubject.get(credentials.subject) ?? 0;
      if (count >= this.#settings.subjectConnectionsMax) return false;
      this.#bySubject.set(credentials.subject, count + 1);
    }
    connection.credentials = credentials;
    return true;
  }

  /** Ends connections that are silent in spite of probes, and those that do not read. */
  sweep(now: number): void {
    if (this.#byId.size === 0 || now < this.#nextSweep) return;
    this.#nextSweep = now + sweepMs;
    for (const connection of this.#byId.values()) {
      if (connection.stage === 'closing') continue;
      this.#judgeSilence(connection, now);
      this.#judgeProgress(connection, now);
      endExpired(connection, now);
    }
  }

  /** Sends what was collected in this turn. Returns the connections that end by it. */
  takeEffects(effects: HostEffect[]): readonly Connection[] {
    const ended: Connection[] = [];
    for (const { id } of this.#probes) effects.push({ kind: 'probe', connection: id });
    this.#probes = [];
    for (const connection of this.#dirty) {
      const { id } = connection;
      if (connection.stage === 'attached' && !connection.admitted) {
        connection.admitted = true;
        effects.push({ kind: 'admit', connection: id, client: connection.session?.client ?? null });
      }
      for (const bytes of connection.takeFrames()) {
        effects.push({ kind: 'send', connection: id, bytes });
      }
      if (connection.closeCode !== null) {
        effects.push({ kind: 'close', connection: id, code: connection.closeCode });
        this.#tally.end(connection.closeCode);
        ended.push(connection);
      } else this.#steer(connection, effects);
    }
    this.#dirty.length = 0;
    return ended;
  }

  /** Whether more is read of it, and the token that it showed. */
  #steer(connection: Connection, effects: HostEffect[]): void {
    const { id, held, verifying } = connection;
    const token = connection.takeToken();
    if (token !== null) effects.push({ kind: 'verify', connection: id, token });
    if (connection.paused === (verifying || held.length > 0)) return;
    connection.paused = !connection.paused;
    effects.push({ kind: connection.paused ? 'pause' : 'resume', connection: id });
  }

  #judgeSilence(connection: Connection, now: number): void {
    const { heartbeatMs, idleMs, helloMs } = this.#settings;
    // Who said hello waits for us; who did not, or shows token after token, has us wait.
    const says =
      connection.stage !== 'fresh' || (connection.held.length > 0 && !connection.verifying);
    // While its reading is paused, nothing can be heard from it.
    if (connection.paused) connection.heardAt = now;
    if (!says && now - connection.openedAt >= helloMs) {
      connection.end({ code: 'NO_HELLO', message: 'The client did not say hello.' });
    } else if (now - connection.heardAt >= idleMs) {
      const message = 'Nothing was heard from the client for too long.';
      connection.end({ code: 'IDLE', message, retryAfterMs: 0 });
    } else if (now - Math.max(connection.heardAt, connection.probedAt) >= heartbeatMs) {
      connection.probedAt = now;
      this.#probes.push(connection);
    }
  }

  /** Time counts against a reader only while something waits for it and nothing moves. */
  #judgeProgress(connection: Connection, now: number): void {
    const { takenBytes } = connection;
    if (takenBytes > connection.movedBytes || connection.session?.waitsForReader !== true) {
      connection.movedBytes = takenBytes;
      connection.movedAt = now;
    } else if (now - connection.movedAt >= this.#settings.tooSlowMs) {
      const message = 'The client did not read what was sent to it for too long.';
      connection.end({ code: 'TOO_SLOW', message, retryAfterMs: 0 });
    }
  }
}
