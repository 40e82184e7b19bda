/**
 * The token of this client: asked of the application for each connection, shown before hello, and replaced
 * before it expires (protocol, I1–I6). Nothing of it is looked into.
 */
import type { FromServer } from '@choir/protocol';
import type { Connection } from './connection.ts';
import type { Effects } from './effects.ts';

/** How long before the end a newer token is asked for, at most, and as a part of its time. */
const aheadMsMax = 60_000;
const aheadPart = 0.2;
/** After the application could not give one. */
const againMs = 10_000;

type Parts = {
  readonly connection: Connection;
  readonly effects: Effects;
  readonly random: () => number;
};

export class Credentials {
  /** The application has tokens. */
  readonly inUse: boolean;
  readonly #parts: Parts;
  /** The one that this connection was shown last. */
  #shown: string | null = null;
  /** The last of these that the server has taken. */
  #taken: string | null = null;
  #renewAt: number | null = null;
  /** What the server found to have expired: it is not shown again. */
  #expired: string | null = null;

  constructor(inUse: boolean, parts: Parts) {
    this.inUse = inUse;
    this.#parts = parts;
  }

  /** When the next token is to be asked for. */
  get renewAt(): number | null {
    return this.#renewAt;
  }

  ask(): void {
    const { connection, effects } = this.#parts;
    effects.push({ kind: 'authenticate', connection: connection.number });
  }

  /** The server says that the token has expired which it has; a newer one it may not have seen yet. */
  hasExpired(): void {
    this.#expired = this.#taken ?? this.#shown;
  }

  /** The application has nothing newer than what has expired. */
  isOld(token: string): boolean {
    return token === this.#expired;
  }

  /** Shows a token. Showing the same one again would bring nothing. */
  show(token: string): void {
    if (token === this.#shown) return;
    this.#shown = token;
    this.#parts.connection.send({ kind: 'credentials', token });
  }

  /** Returns what is wrong with the message, null when nothing is. */
  authorized({ expiresInMs }: Extract<FromServer, { kind: 'authorized' }>, now: number) {
    if (this.#shown === null) return 'Credentials were taken that were not shown.';
    this.#taken = this.#shown;
    // Not all at the same time, though their tokens may end so.
    const aheadMs = Math.min(aheadMsMax, expiresInMs * aheadPart) * (1 + this.#parts.random());
    this.#renewAt = now + expiresInMs - aheadMs;
    return null;
  }

  renew(now: number): void {
    if (this.#renewAt === null || now < this.#renewAt) return;
    this.#renewAt = null;
    this.ask();
  }

  /** The application could not give a newer one; the older one may still hold for a while. */
  renewLater(now: number): void {
    this.#renewAt = now + againMs;
  }

  disconnected(): void {
    this.#shown = null;
    this.#taken = null;
    this.#renewAt = null;
  }
}
