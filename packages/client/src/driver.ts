/**
 * The driver: gives the session its inputs (sockets, time, commands) and carries out its effects, in
 * their order. It decides nothing.
 */

import type { LocalId } from '@choir/protocol';
import { errorText } from './choir-error.ts';
import { Link, openSocket, type WebSocketConstructor } from './link.ts';
import type { Identity, OutboxStore } from './outbox-store.ts';
import type { Command, CommandResult, Effect, Session, SessionEvent } from './session/index.ts';
import { type TokenSource, tokenOf } from './token.ts';

export type DriverParts = {
  readonly session: Session;
  readonly urls: readonly string[];
  readonly store: OutboxStore;
  readonly secret: Uint8Array;
  readonly WebSocket: WebSocketConstructor;
  /** The application's tokens; null when it has none. */
  readonly token: TokenSource | null;
  /** Bytes that may wait in a socket before sending pauses. */
  readonly bufferBytesMax: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly emit: (event: SessionEvent) => void;
  /** After each input: what can be observed may have changed. */
  readonly changed: () => void;
  /** The store failed; the client is to end. */
  readonly storeFailed: (error: unknown) => void;
};

/** They say that something is forgotten, which may come back when the store has failed. */
const forgetting: ReadonlySet<string> = new Set(['withdrawn', 'refused', 'rejoined', 'reset']);
/** setTimeout takes no more. */
export const timeoutMsMax = 2 ** 31 - 1;

export class Driver {
  readonly #parts: DriverParts;
  #link: Link | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #timerAt = Number.POSITIVE_INFINITY;
  #performing = false;
  /** Effects that were drained and are not carried out yet, from `#next` on. */
  #effects: readonly Effect[] = [];
  #next = 0;
  /** Removals from the store under way of which nobody may be told before they are done. */
  #removals: Promise<void> | null = null;
  /** Waiting for those: nothing is carried out. */
  #held = false;
  /** Asynchronous stores under way; resolved when all are done. */
  #stored: Promise<void> | null = null;
  #storeFailed = false;
  readonly #wake = (): void => this.#input((session, now) => session.wake(now));
  /** The timers of a hidden page come late: whoever looks at it must not wait for them. */
  readonly #looked = (): void => {
    if (globalThis.document?.visibilityState === 'visible') this.#wake();
  };

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  /** `identity`: a new one, to be stored before it is used. */
  start(identity: Identity | null): void {
    if (identity !== null) this.#store((store) => store.saveIdentity(identity));
    globalThis.addEventListener?.('online', this.#wake);
    globalThis.document?.addEventListener?.('visibilitychange', this.#looked);
    this.#input((session, now) => session.start(now));
  }

  /**
   * Gives the session a command. `accepted` learns the id before any event of it is emitted.
   */
  command(command: Command, accepted: (id: number) => void): CommandResult {
    const { session, now } = this.#parts;
    const result = session.command(command, now());
    if (result.kind === 'accepted') accepted(result.id);
    this.#perform();
    return result;
  }

  /** Resolves when nothing is being stored any more and the store is closed. */
  async settle(): Promise<void> {
    try {
      // What was held back by one may store more.
      while (this.#stored !== null) await this.#stored;
    } catch {
      // Told when it failed; the store must be closed all the same, or its owner stays for ever.
    }
    await this.#parts.store.close();
  }

  #input(input: (session: Session, now: number) => void): void {
    input(this.#parts.session, this.#parts.now());
    this.#perform();
  }

  #perform(): void {
    this.#carryOut();
    if (this.#performing) return;
    this.#arm();
    this.#parts.changed();
  }

  /** A listener that gives a command is served here, too: its effects come behind those of now. */
  #carryOut(): void {
    if (this.#performing) return;
    this.#performing = true;
    try {
      while (!this.#held) {
        if (this.#next === this.#effects.length) {
          const drained = this.#parts.session.drain();
          if (drained.length === 0) break;
          this.#effects = drained;
          this.#next = 0;
        }
        const effect = this.#effects[this.#next];
        if (effect === undefined || this.#mustWait(effect)) break;
        this.#next += 1;
        this.#performOne(effect);
      }
    } finally {
      this.#performing = false;
    }
  }

  #performOne(effect: Effect): void {
    switch (effect.kind) {
      case 'open':
        this.#open(effect.connection, effect.server);
        return;
      case 'authenticate':
        void this.#authenticate(effect.connection);
        return;
      case 'close':
        this.#link?.close();
        this.#link = null;
        return;
      case 'send':
        this.#link?.send(effect.message);
        return;
      case 'emit':
        if (this.#storeFailed && forgetting.has(effect.event.kind)) return;
        this.#parts.emit(effect.event);
        if (effect.event.kind === 'ended') this.#ended();
        return;
      case 'identify': {
        const { clientId } = effect;
        const { secret, urls } = this.#parts;
        const server = urls[effect.server] ?? '';
        this.#store((store) => store.saveIdentity({ clientId, secret, server }));
        return;
      }
      case 'store':
        this.#store((store) => store.store(effect.record));
        return;
      case 'unstore':
        this.#unstore(effect.localId, effect.decided);
        return;
      default:
        effect satisfies never;
    }
  }

  #open(connection: number, server: number): void {
    const { WebSocket, urls, bufferBytesMax } = this.#parts;
    const closed = (why?: string): void =>
      this.#input((session, now) => session.closed(connection, now, why));
    try {
      this.#link = new Link(openSocket(WebSocket, urls[server] ?? ''), bufferBytesMax, {
        opened: () => this.#input((session, now) => session.opened(connection, now)),
        closed: () => closed(),
        unreadable: (problem) =>
          this.#input((session, now) => session.unreadable(connection, problem, now)),
        received: (messages) =>
          this.#input((session, now) => {
            for (const message of messages) {
              session.received(connection, message, now);
              // What a listener sees of a group is then what it was with this message, not with the last.
              this.#carryOut();
            }
          }),
      });
      // What is being stored is sent by this connection too, once it is.
      if (this.#stored !== null) this.#link.waitFor(this.#stored);
    } catch (error) {
      // The runtime will not have the address: a page from `https:` none of `ws:`.
      closed(errorText(error));
    }
  }

  async #authenticate(connection: number): Promise<void> {
    try {
      const token = await tokenOf(this.#parts.token);
      this.#input((session, now) => session.token(connection, token, now));
    } catch (error) {
      this.#input((session, now) => session.noToken(connection, errorText(error), now));
    }
  }

  #unstore(localId: LocalId, decided: boolean): void {
    const done = this.#store((store) => store.remove(localId, decided), false);
    if (done !== null && !decided) this.#removals = done;
  }

  /** Whoever is told that a submission is withdrawn must never see it take effect. */
  #mustWait({ kind }: Effect): boolean {
    if (this.#removals === null || kind === 'unstore') return false;
    const goOn = (): void => {
      this.#held = false;
      this.#perform();
    };
    this.#held = true;
    this.#removals.then(goOn, goOn);
    this.#removals = null;
    return true;
  }

  /**
   * `first`: nothing is sent before it is done. Returns when it is, and everything before it; null when it
   * is already.
   */
  #store(act: (store: OutboxStore) => void | Promise<void>, first = true): Promise<void> | null {
    const failed = (error: unknown): void => {
      this.#storeFailed = true;
      this.#parts.storeFailed(error);
    };
    try {
      const done = act(this.#parts.store);
      if (done === undefined) return null;
      const both = Promise.all([this.#stored, done]).then(() => {});
      this.#stored = both;
      both.then(() => {
        if (this.#stored === both) this.#stored = null;
      }, failed);
      if (first) this.#link?.waitFor(both);
      return both;
    } catch (error) {
      failed(error);
      return null;
    }
  }

  #ended(): void {
    globalThis.removeEventListener?.('online', this.#wake);
    globalThis.document?.removeEventListener?.('visibilitychange', this.#looked);
  }

  /** A timer that comes early does nothing but arm the next: cheaper than a new one for each input. */
  #arm(): void {
    const { session, now } = this.#parts;
    const at = session.nextTimeout() ?? Number.POSITIVE_INFINITY;
    if (this.#timer !== null && at >= this.#timerAt && at !== Number.POSITIVE_INFINITY) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(at - now(), 0), timeoutMsMax);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#input((s, t) => s.timeout(t));
    }, delayMs);
  }
}
