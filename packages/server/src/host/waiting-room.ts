/**
 * Where messages wait that cannot be taken yet.
 *
 * N1 Messages of a connection are taken in their order: behind one that waits, all wait, and the driver
 *    is told to stop reading. Nothing is lost (O8).
 * N2 Connections that wait have their turns one after the other.
 * N3 Who sends faster than its pace waits, too, until time has passed.
 */
import type { FromClient } from '@choir/protocol';
import { refusal } from './admission.ts';
import type { Connection } from './connection.ts';
import { mayChange } from './credentials.ts';
import type { Intake } from './intake.ts';
import type { HostSettings } from './settings.ts';
import type { Submitter } from './submitter.ts';

/** Messages of one connection that are taken in one turn of several connections. */
const turnMessages = 64;

type Parts = {
  readonly intake: Intake;
  readonly submitter: Submitter;
  readonly settings: HostSettings;
  /** The log is open and this host may write. */
  readonly isReady: () => boolean;
};

export class WaitingRoom {
  readonly #parts: Parts;
  readonly #waiting = new Set<Connection>();
  #full = false;
  #now = 0;
  #nextPaced: number | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The ordering took no more: what it refused goes first. */
  get full(): boolean {
    return this.#full || this.#parts.submitter.behind;
  }

  /** The ordering took no more of what the host itself proposes. */
  fill(): void {
    this.#full = true;
  }

  /** When a connection that came too fast is to be looked at again; null while there is none. */
  get nextPaced(): number | null {
    return this.#nextPaced;
  }

  admit(connection: Connection, messages: readonly FromClient[], now: number): void {
    this.#now = now;
    let taken = 0;
    for (const message of messages) {
      if (connection.stage === 'closing') return;
      if (connection.held.length > 0 || !this.#take(connection, message)) {
        this.#hold(connection, messages.slice(taken));
        return;
      }
      taken += 1;
    }
  }

  /** Takes what can be taken by now. */
  catchUp(now: number): void {
    this.#now = now;
    this.#nextPaced = null;
    this.#full = false;
    this.#parts.submitter.catchUp();
    for (let moved = true; moved; ) {
      moved = false;
      for (const connection of [...this.#waiting]) {
        if (this.#takeTurn(connection)) moved = true;
      }
    }
  }

  leave(connection: Connection): void {
    this.#waiting.delete(connection);
  }

  /** True when something was taken and more waits. */
  #takeTurn(connection: Connection): boolean {
    const { held } = connection;
    let taken = 0;
    while (taken < turnMessages) {
      const message = held.peek();
      if (message === undefined || !this.#take(connection, message)) break;
      held.shift();
      taken += 1;
    }
    if (taken > 0 && held.length > 0) {
      // To the end of the line.
      this.#waiting.delete(connection);
      this.#waiting.add(connection);
      return true;
    }
    if (held.length === 0) {
      this.#waiting.delete(connection);
      connection.touch();
    }
    return false;
  }

  #take(connection: Connection, message: FromClient): boolean {
    if (this.#mustWait(connection, message)) return false;
    const { pace } = connection;
    if (!pace.allows(this.#now)) {
      this.#nextPaced = Math.min(
        pace.nextAt(this.#now),
        this.#nextPaced ?? Number.POSITIVE_INFINITY,
      );
      return false;
    }
    const taken = this.#parts.intake.take(connection, message) === 'taken';
    if (taken) pace.spend();
    else this.#full = true;
    return taken;
  }

  #mustWait(connection: Connection, message: FromClient): boolean {
    if (!this.#parts.isReady() || this.#parts.submitter.behind) return true;
    if (connection.stage === 'attaching' || connection.verifying || connection.clogged) return true;
    if (message.kind === 'credentials' && !mayChange(connection)) return true;
    const queued = connection.session?.items.length ?? 0;
    return connection.inFlight + queued >= this.#parts.settings.owedMax;
  }

  #hold(connection: Connection, messages: readonly FromClient[]): void {
    if (connection.held.length + messages.length > this.#parts.settings.heldMessagesMax) {
      connection.end(refusal('LIMIT'));
      return;
    }
    for (const message of messages) connection.held.push(message);
    this.#waiting.add(connection);
    connection.touch();
  }
}
