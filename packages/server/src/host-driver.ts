/**
 * Drives a host: gives it what the sockets and the journal bring, calls it once per turn of the event
 * loop, performs its effects in their order.
 *
 * V1 A turn comes after the sockets were read (`setImmediate`), also when a timer has run out: what was
 *    received goes before what is due.
 * V2 One `send` per connection and turn: the host has put together what goes to each.
 */
import type { Journal, JournalReply, JournalRequest } from '@choir/journal';
import type { ClientId, Code, FromClient, Refusal } from '@choir/protocol';
import type { ConnectionId, Host, HostEffect, Stopped, Verdict } from './host/index.ts';

/** A connection as the driver sees it. */
export interface Line {
  send(bytes: Uint8Array): void;
  /** Bytes of `send` that the network has not taken. */
  readonly bufferedBytes: number;
  close(code: Code | 'BYE'): void;
  pause(): void;
  resume(): void;
  /** Asks the other end for a sign of life, to be reported by `heard`. */
  probe(): void;
  /** The client was welcomed: it is no stranger any more. */
  admit(client: ClientId | null): void;
}

/** Never fails: what goes wrong is why a token does not hold. */
export type Verify = (token: string) => Promise<Verdict>;

/** The longest time that a timer of Node.js takes; what is due later is asked for again. */
const timerMsMax = 2 ** 31 - 1;

export class HostDriver {
  /** Resolves when the log was replayed and messages can be taken. */
  readonly ready: Promise<void>;
  /** Resolves when the host is at its end. */
  readonly stopped: Promise<Stopped>;
  readonly #host: Host;
  readonly #journal: Journal;
  readonly #verifyToken: Verify;
  readonly #lines = new Map<ConnectionId, Line>();
  readonly #turn = (): void => this.#takeTurn();
  readonly #awake = (): void => this.#wake();
  readonly #replied = (reply: JournalReply): void => this.#takeReply(reply);
  #nextId = 1;
  #turnIsNear = false;
  #timer: NodeJS.Timeout | undefined;
  #tellReady: (() => void) | null = null;
  #tellStopped: ((stopped: Stopped) => void) | null = null;
  #stopped = false;

  constructor(host: Host, journal: Journal, verify: Verify) {
    this.#verifyToken = verify;
    this.#host = host;
    this.#journal = journal;
    this.ready = new Promise((resolve) => {
      this.#tellReady = resolve;
    });
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
    this.#wake();
  }

  opened(line: Line): ConnectionId {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#lines.set(id, line);
    this.#host.connectionOpened(id, performance.now());
    this.#wake();
    return id;
  }

  received(id: ConnectionId, messages: readonly FromClient[]): void {
    this.#host.received(id, messages, performance.now());
    this.#wake();
  }

  refused(id: ConnectionId, refusal: Refusal): void {
    this.#host.refusedFrame(id, refusal);
    this.#wake();
  }

  heard(id: ConnectionId): void {
    this.#host.heard(id, performance.now());
  }

  /** The network has taken what waited. */
  drained(id: ConnectionId): void {
    this.#report(id);
    this.#plan();
  }

  closed(id: ConnectionId): void {
    this.#lines.delete(id);
    this.#host.connectionClosed(id);
    this.#wake();
  }

  shutdown(): void {
    this.#host.shutdown();
    this.#wake();
  }

  /** Has the next turn come as soon as everything was read that is there (V1). */
  #wake(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#turnIsNear || this.#stopped) return;
    this.#turnIsNear = true;
    setImmediate(this.#turn);
  }

  #takeTurn(): void {
    this.#turnIsNear = false;
    this.#performAll(this.#host.takeEffects(performance.now(), Date.now()));
    if (this.#tellReady !== null && this.#host.health().writable) {
      this.#tellReady();
      this.#tellReady = null;
    }
    this.#plan();
  }

  #plan(): void {
    const next = this.#stopped ? null : this.#host.nextTimeout();
    if (next === null) return;
    const delayMs = next - performance.now();
    if (delayMs <= 0) {
      this.#wake();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#awake, Math.min(Math.ceil(delayMs), timerMsMax));
  }

  /** V3 What the disk is to do it is told first: it works while the sockets are written. */
  #performAll(effects: readonly HostEffect[]): void {
    let asked = false;
    for (const effect of effects) {
      if (asked && effect.kind !== 'journal') {
        this.#journal.flush();
        asked = false;
      }
      this.#perform(effect);
      asked ||= effect.kind === 'journal';
    }
    if (asked) this.#journal.flush();
  }

  #perform(effect: HostEffect): void {
    switch (effect.kind) {
      case 'journal':
        this.#ask(effect.request);
        return;
      case 'stop':
        this.#stopped = true;
        clearTimeout(this.#timer);
        this.#tellStopped?.(effect);
        return;
      default:
        this.#performOn(effect);
    }
  }

  #performOn(effect: Exclude<HostEffect, { kind: 'journal' | 'stop' }>): void {
    const line = this.#lines.get(effect.connection);
    if (line === undefined) return;
    switch (effect.kind) {
      case 'send':
        line.send(effect.bytes);
        this.#report(effect.connection);
        return;
      case 'close':
        this.#lines.delete(effect.connection);
        line.close(effect.code);
        return;
      case 'pause':
        line.pause();
        return;
      case 'resume':
        line.resume();
        return;
      case 'probe':
        line.probe();
        return;
      case 'admit':
        line.admit(effect.client);
        return;
      case 'verify':
        void this.#verify(effect.connection, effect.token);
        return;
      default:
        effect satisfies never;
    }
  }

  async #verify(id: ConnectionId, token: string): Promise<void> {
    const verdict = await this.#verifyToken(token);
    this.#host.verified(id, verdict, performance.now());
    this.#wake();
  }

  #ask(request: JournalRequest): void {
    this.#journal.request(request, this.#replied);
  }

  #takeReply(reply: JournalReply): void {
    this.#host.journalReplied(reply);
    this.#wake();
  }

  #report(id: ConnectionId): void {
    const line = this.#lines.get(id);
    if (line !== undefined) this.#host.buffered(id, line.bufferedBytes);
  }
}
