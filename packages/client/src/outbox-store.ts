/**
 * Where an outbox is kept beyond the life of a process. A store is opened by its owner, who is the only
 * one: two processes with one outbox would use the same local ids for different messages.
 */
import type { LocalId } from '@choir/protocol';
import type { OutboxRecord } from './session/index.ts';

/** Who the client is. The secret proves it to the server, and must stay one. */
export type Identity = {
  /** Null until the server has issued one. */
  readonly clientId: string | null;
  /** 16–64 random bytes. */
  readonly secret: Uint8Array;
  /** Address of the server that knows the client; absent until one has said welcome. */
  readonly server?: string;
};

/** What a store holds when it is opened. */
export type StoredOutbox = {
  /** Null when the store is new. */
  readonly identity: Identity | null;
  /** Highest local id that was ever stored, also of what was removed since. */
  readonly lastLocalId: number;
  /** What is pending, in the order of the local ids. */
  readonly records: readonly OutboxRecord[];
};

/**
 * Where an outbox is kept beyond the process, for who writes another one.
 *
 * `saveIdentity`, `store` and the removal of what no server has decided must be durable when they return,
 * or when their promise resolves: nothing is sent, and nobody is told, before. A failure ends the client
 * (`OUTBOX_FAILED`).
 */
export interface OutboxStore {
  /** What it holds; asked once, when the client is made. */
  load(): StoredOutbox;
  /** Who the client is from now on. */
  saveIdentity(identity: Identity): void | Promise<void>;
  /** A later record with the same local id replaces an earlier one. */
  store(record: OutboxRecord): void | Promise<void>;
  /** `decided`: need not be durable, since what comes back is answered by the server from its memory. */
  remove(localId: LocalId, decided: boolean): void | Promise<void>;
  /** Nothing more comes; what was handed over must be kept before it resolves. */
  close(): void | Promise<void>;
}

/** The default: nothing is kept, so that what is pending is lost with the process. */
export class MemoryOutbox implements OutboxStore {
  load(): StoredOutbox {
    return { identity: null, lastLocalId: 0, records: [] };
  }

  saveIdentity(): void {}
  store(): void {}
  remove(): void {}
  close(): void {}
}
