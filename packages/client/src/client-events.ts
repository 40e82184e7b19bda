/** What a client tells that concerns no single group. */
import type { ChoirError } from './choir-error.ts';
import type { Listeners } from './listeners.ts';
import type { ConnectionState, SessionEvent } from './session/index.ts';
import { refusalOf, type Withdrawal, withdrawnOf } from './settlements.ts';

/** How the connection is. */
export type ConnectionInfo = {
  readonly state: ConnectionState;
  /** The server that is tried or used. */
  readonly url: string;
  /** Until the next attempt, milliseconds; null unless offline. */
  readonly retryInMs: number | null;
  /** Why the last connection ended, for people; empty unless offline or closed. */
  readonly why: string;
};

/** What `on` of a client can listen to, and what each event carries. */
export type ClientEvents = {
  /** The connection came, went, or is being tried. */
  readonly connection: ConnectionInfo;
  /** How many messages of this client are neither settled nor withdrawn. */
  readonly pending: number;
  /** The server knows the client now, by this id. */
  readonly attached: { readonly clientId: string };
  /** A message of this client was refused, in whatever group. */
  readonly refused: {
    readonly group: string;
    readonly localId: number;
    readonly error: ChoirError;
  };
  /** A message of this client was withdrawn on coming back: it did not and will not take effect. */
  readonly withdrawn: Withdrawal;
  /** The server cannot take messages now; the client goes on trying. */
  readonly delayed: { readonly group: string; readonly code: string; readonly retryInMs: number };
  /** The server broke the protocol; another connection is tried. */
  readonly violation: { readonly message: string };
  /** The client is closed, by itself (CLOSED) or by the server; it does not come back. */
  readonly ended: { readonly code: string; readonly message: string };
};

/** How the connection is after an event that is about it. */
export function connectionOf(
  { state, server, retryInMs, why }: Extract<SessionEvent, { kind: 'connection' }>,
  urls: readonly string[],
): ConnectionInfo {
  return { state, url: urls[server] ?? '', retryInMs, why };
}

/** Tells the listeners what concerns them, but for the connection. */
export function tellClient(listeners: Listeners<ClientEvents>, event: SessionEvent): void {
  switch (event.kind) {
    case 'attached':
      listeners.tell('attached', { clientId: event.clientId });
      return;
    case 'refused': {
      const { group, localId } = event;
      listeners.tell('refused', { group, localId, error: refusalOf(event) });
      return;
    }
    case 'withdrawn':
      listeners.tell('withdrawn', withdrawnOf(event));
      return;
    case 'delayed': {
      const { group, code, retryInMs } = event;
      listeners.tell('delayed', { group, code, retryInMs });
      return;
    }
    case 'violation':
      listeners.tell('violation', { message: event.message });
      return;
    case 'ended':
      listeners.tell('ended', { code: event.code, message: event.message });
      return;
    default:
      return;
  }
}
