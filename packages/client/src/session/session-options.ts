/** What a session is made of. */
import type { ClientId } from '@choir/protocol';
import type { OutboxRecord } from './effects.ts';

export type SessionOptions = {
  /** The identity to resume or to ask for; without one the server issues it. */
  readonly clientId?: ClientId | null;
  /** Proves the identity: 16–64 random bytes, the same for the life of the client id. */
  readonly secret: Uint8Array;
  /** The application has tokens: one is asked for (`authenticate`) before each hello. */
  readonly asksForToken?: boolean;
  /** Names the program to the server, up to 100 bytes. */
  readonly agent?: string;
  /** How many servers there are to try in turn until one says welcome; default 1. */
  readonly servers?: number;
  /** The one of them that knows this client already: no other is tried. */
  readonly home?: number | null;
  /** Uniform in [0, 1): for the jitter of back-off. */
  readonly random: () => number;
  /** What an earlier process of this client left pending. */
  readonly stored?: readonly OutboxRecord[];
  /** Highest local id that this client has ever used; default 0. */
  readonly lastLocalId?: number;
  /** Submissions that may be pending; default 10,000. */
  readonly outboxMessagesMax?: number | undefined;
  /** Bytes that they may take, about; default 64 MiB. */
  readonly outboxBytesMax?: number | undefined;
};
