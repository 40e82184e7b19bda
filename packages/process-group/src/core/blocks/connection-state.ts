/**
 * Logical connections between the members that ask and those that serve (B4), as a function of the order: which requests were taken, what was
 * replied, and which requests wait for their reply. These are kept until it comes: whoever serves next is given them.
 */
import { Reader, Writer } from '@choir/bytes';
import { Beginning } from './beginning.ts';
import { Closings } from './closings.ts';
import { bytesOf, type ConnectionLimits, connectionLimits } from './connection-limits.ts';
import {
  type ConnectionMessage,
  connectionBytesMax,
  decodeConnectionMessage,
  encodeConnectionMessage,
} from './connection-message.ts';
import type { ServiceRequest } from './service.ts';

export type Reply = { readonly kind: 'reply' | 'failure'; readonly bytes: Uint8Array };

export type Taking =
  | 'taken'
  /** Taken before. */
  | 'duplicate'
  /** Its number leaves some out. */
  | 'early'
  /** There are too many connections for another one. */
  | 'full'
  /** Too many requests wait for their replies, or they are too long. */
  | 'behind'
  /** It is of a connection that was closed since, or may have been. */
  | 'late';

export type Standing =
  | Reply
  | { readonly kind: 'waiting' }
  /** Too old, or too long ago: its reply is not remembered. */
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'open' };

type Connection = {
  readonly closings: number;
  taken: number;
  waiting: number;
  waitingBytes: number;
};

type Replied = Reply & { readonly connection: string; readonly number: number };

const [waiting, forgotten, open] = [
  { kind: 'waiting' },
  { kind: 'forgotten' },
  { kind: 'open' },
] as const satisfies Standing[];

/**
 * What a request of the beginning is in a snapshot when its connection was closed: a message of this kind. No state says that a connection closes, so the kind is free there;
 * one for snapshots alone would have to be refused wherever members say it, since one codec reads both.
 */
const requestOfClosed = 'close';

export class ConnectionState {
  readonly #limits: ConnectionLimits;
  readonly #connections = new Map<string, Connection>();
  /** In the order in which they were taken, of all connections. */
  readonly #waiting = new Map<string, ServiceRequest>();
  /** In the order in which they came, of all connections. */
  readonly #replies = new Map<string, Replied>();
  readonly #closings: Closings;
  #waitingBytes = 0;
  #replyBytes = 0;
  readonly #beginning: Beginning;

  constructor(limits: ConnectionLimits = connectionLimits) {
    this.#limits = limits;
    this.#beginning = new Beginning(limits.allWaitingBytes);
    this.#closings = new Closings(limits.connections);
  }

  /** The number of the last request that was taken; 0 when there is none. */
  taken(connection: string): number {
    return this.#connections.get(connection)?.taken ?? 0;
  }

  /** How many connections had been closed when this one was opened; while it is not, how many were so far. */
  closings(connection: string): number {
    return this.#connections.get(connection)?.closings ?? this.#closings.count;
  }

  /** What was said to this connection after fewer closings is of one that was closed since, or may have been. */
  closingsLeast(connection: string): number {
    const opened = this.#connections.get(connection)?.closings ?? Infinity;
    return Math.min(opened, this.#closings.lastOf(connection));
  }

  /** Taken and not replied to, in the order in which they were taken. */
  get waiting(): Iterable<ServiceRequest> {
    return this.#waiting.values();
  }

  /** Whether a request was ever replied to, or more was closed before than is kept: no service begins here any more. */
  get hasBegun(): boolean {
    return this.#beginning.requests === null;
  }

  /** What a service that begins is given, in the order in which it was taken. */
  get beginning(): Iterable<ServiceRequest> {
    return this.#beginning.requests ?? [];
  }

  /** Whether it was taken and has no reply, and its connection was not closed since. */
  waits(request: ServiceRequest): boolean {
    return this.#waiting.get(keyOf(request.connection, request.number)) === request;
  }

  standing(connection: string, number: number): Standing {
    const key = keyOf(connection, number);
    const reply = this.#replies.get(key);
    if (reply !== undefined) return reply;
    if (this.#waiting.has(key)) return waiting;
    return number <= this.taken(connection) ? forgotten : open;
  }

  /** @param closings that who says it knows of */
  request(request: ServiceRequest, closings: number): Taking {
    const { connection: name, number } = request;
    if (closings < this.closingsLeast(name)) return 'late';
    const { taken } = this.#connections.get(name) ?? { taken: 0 };
    if (number <= taken) return 'duplicate';
    if (number > taken + 1) return 'early';
    const { connections, replies } = this.#limits;
    if (taken === 0 && this.#connections.size >= connections) return 'full';
    const connection = this.#connections.get(name) ?? opened(this.#closings.count, taken);
    if (!this.#hasRoom(connection, request)) return 'behind';
    this.#connections.set(name, connection);
    connection.taken = number;
    this.#wait(connection, request);
    this.#forget(keyOf(name, number - replies));
    return 'taken';
  }

  /** Whether it is the first reply to a request that was taken. What was said to one of a connection that has been closed since is none. */
  replied(
    connection: string,
    number: number,
    reply: Reply & { readonly closings: number },
  ): boolean {
    if (reply.closings !== this.closings(connection)) return false;
    if (!this.#settle(connection, number)) return false;
    const { kind, bytes } = reply;
    this.#remember({ kind, connection, number, bytes });
    this.#beginning.end();
    return true;
  }

  /** Those of its requests that had no reply yet; null when it is not closed, since it was before. @param closings as of `request` */
  close(name: string, closings: number): readonly number[] | null {
    if (closings < this.closingsLeast(name)) return null;
    const { taken } = this.#connections.get(name) ?? { taken: 0 };
    const unreplied: ServiceRequest[] = [];
    for (let number = Math.max(taken - this.#limits.replies, 0) + 1; number <= taken; number += 1) {
      const request = this.#waiting.get(keyOf(name, number));
      if (request !== undefined && this.#settle(name, number)) unreplied.push(request);
      this.#forget(keyOf(name, number));
    }
    this.#beginning.closed(unreplied);
    if (this.#connections.delete(name)) this.#closings.close(name);
    return unreplied.map(({ number }) => number);
  }

  /** There is no connection any more. */
  clear(): void {
    this.#beginning.clear();
    this.#connections.clear();
    this.#waiting.clear();
    this.#replies.clear();
    this.#waitingBytes = 0;
    this.#replyBytes = 0;
  }

  /** How many pieces `snapshot` has. */
  get pieces(): number {
    return 1 + (this.#beginning.requests?.length ?? this.#waiting.size) + this.#replies.size;
  }

  /** The state now, gone through later. */
  snapshot(): Iterable<Uint8Array> {
    const head = new Writer();
    head.u8(this.hasBegun ? 1 : 0);
    this.#closings.write(head);
    head.natural(this.#connections.size);
    for (const [name, { closings, taken }] of this.#connections) {
      head.text(name);
      head.natural(closings);
      head.natural(taken);
    }
    const requests = [...(this.#beginning.requests ?? this.#waiting.values())].map((request) => {
      const closings = this.closings(request.connection);
      return {
        kind: this.waits(request) ? 'request' : requestOfClosed,
        closings,
        ...request,
      } as const;
    });
    const replies = [...this.#replies.values()].map((reply) => {
      return { ...reply, closings: this.closings(reply.connection) };
    });
    return piecesOf(head.take(), [...requests, ...replies]);
  }

  /** @throws Error when these are not the pieces of a snapshot */
  restore([head = new Uint8Array(), ...pieces]: readonly Uint8Array[]): void {
    const reader = new Reader(head);
    this.clear();
    if (reader.flag()) this.#beginning.end();
    this.#closings.read(reader);
    for (
      let count = reader.count(this.#limits.connections);
      count > 0 && !reader.failed;
      count -= 1
    ) {
      const name = reader.text(connectionBytesMax);
      this.#connections.set(name, opened(reader.natural(), reader.natural()));
    }
    const isRead = pieces.every((piece) => this.#restoreEntry(piece));
    if (!isRead || reader.failed || reader.remaining > 0) {
      throw new Error('This is no state of connections.');
    }
  }

  #restoreEntry(piece: Uint8Array): boolean {
    const message = decodeConnectionMessage(piece);
    if (message === null) return false;
    const { kind, connection: name, number, bytes } = message;
    if (kind === requestOfClosed) {
      return this.#beginning.takeClosed({ connection: name, number, bytes });
    }
    const connection = this.#connections.get(name);
    if (connection === undefined || number > connection.taken) return false;
    if (kind === 'request') this.#wait(connection, { connection: name, number, bytes });
    else this.#remember({ kind, connection: name, number, bytes });
    return true;
  }

  #hasRoom(connection: Connection, request: ServiceRequest): boolean {
    const bytes = bytesOf(request);
    const { connection: name, number } = request;
    return (
      connection.waiting < this.#limits.waiting &&
      // Replies come in the order of taking. Where somebody breaks that, nothing waits that is older than what `close` looks through.
      !this.#waiting.has(keyOf(name, number - this.#limits.replies)) &&
      connection.waitingBytes + bytes <= this.#limits.waitingBytes &&
      this.#waitingBytes + bytes <= this.#limits.allWaitingBytes
    );
  }

  #wait(connection: Connection, request: ServiceRequest): void {
    const bytes = bytesOf(request);
    connection.waiting += 1;
    connection.waitingBytes += bytes;
    this.#waitingBytes += bytes;
    this.#waiting.set(keyOf(request.connection, request.number), request);
    this.#beginning.take(request);
  }

  /** A request waits no more; false when it did not. */
  #settle(name: string, number: number): boolean {
    const key = keyOf(name, number);
    const [connection, request] = [this.#connections.get(name), this.#waiting.get(key)];
    if (connection === undefined || request === undefined) return false;
    const bytes = bytesOf(request);
    connection.waiting -= 1;
    connection.waitingBytes -= bytes;
    this.#waitingBytes -= bytes;
    return this.#waiting.delete(key);
  }

  #remember(reply: Replied): void {
    this.#replies.set(keyOf(reply.connection, reply.number), reply);
    this.#replyBytes += bytesOf(reply);
    for (const oldest of this.#replies.keys()) {
      if (this.#replyBytes <= this.#limits.allReplyBytes || this.#replies.size === 1) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const reply = this.#replies.get(key);
    if (reply === undefined) return;
    this.#replyBytes -= bytesOf(reply);
    this.#replies.delete(key);
  }
}

/** The same for a request and its reply, in every state. */
export function keyOf(connection: string, number: number): string {
  return `${number} ${connection}`;
}

function opened(closings: number, taken: number): Connection {
  return { closings, taken, waiting: 0, waitingBytes: 0 };
}

function* piecesOf(head: Uint8Array, entries: readonly ConnectionMessage[]): Generator<Uint8Array> {
  yield head;
  const writer = new Writer();
  for (const entry of entries) yield encodeConnectionMessage(entry, writer);
}
