/** What the driver of a host has to do, in the order given. */
import type { JournalFailureCode, JournalRequest } from '@choir/journal';
import type { ClientId, Code } from '@choir/protocol';

/** A number that the driver chose for a connection; never used twice by one host. */
export type ConnectionId = number;

/** How a host ended; `failure` is the journal's, where that was the reason. */
export type Stopped = {
  readonly code: Code;
  readonly message: string;
  readonly failure: JournalFailureCode | null;
};

export type HostEffect =
  /** One frame: encoded messages behind each other. Connections may share one buffer. */
  | { readonly kind: 'send'; readonly connection: ConnectionId; readonly bytes: Uint8Array }
  /** End the connection in order; `BYE` when the client asked for it. The host is done with it. */
  | { readonly kind: 'close'; readonly connection: ConnectionId; readonly code: Code | 'BYE' }
  /** Hand over no more of what this connection sends, until `resume`. What comes late is held. */
  | { readonly kind: 'pause'; readonly connection: ConnectionId }
  | { readonly kind: 'resume'; readonly connection: ConnectionId }
  /** Verify this token and answer with `verified`. Nothing more of the connection is taken before. */
  | { readonly kind: 'verify'; readonly connection: ConnectionId; readonly token: string }
  /** The client was welcomed: the limits on strangers are over. */
  | {
      readonly kind: 'admit';
      readonly connection: ConnectionId;
      readonly client: ClientId | null;
    }
  /** Nothing was heard for a while: ask below the protocol, answer with `heard`. */
  | { readonly kind: 'probe'; readonly connection: ConnectionId }
  | { readonly kind: 'journal'; readonly request: JournalRequest }
  /** The host is at its end: close the journal. Last effect of all. */
  | ({ readonly kind: 'stop' } & Stopped);
