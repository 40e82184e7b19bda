/**
 * Logical connections between the members that ask and those that serve (B4), as a function of the order: which requests were taken, and what
 * was replied.
 *
 * In bytes: a byte for the kind, the connection as text, the number of the request, and what it, or its reply, says.
 */
import { Reader, Writer } from '@choir/bytes';
import { readOneOf } from '../fields.ts';

/** Of the name of a connection, in UTF-8. */
export const connectionBytesMax = 64;
/** Connections that a group has at once, and replies that each remembers, the last ones. */
export const connectionsMax = 4_096;
export const repliesMax = 256;

export type ConnectionMessage = {
  readonly kind: 'request' | 'reply' | 'close';
  readonly connection: string;
  /** 1 for the first request of a connection, and one more for each that follows. */
  readonly number: number;
  readonly bytes: Uint8Array;
};

export type Taking =
  /** To be served. */
  | 'first'
  /** Taken before; or its connection is beyond the limit, or its number leaves some out. */
  | 'duplicate'
  | 'full'
  | 'early';

type Connection = { taken: number; readonly replies: Map<number, Uint8Array> };

const kinds = ['request', 'reply', 'close'] as const;

export class ConnectionState {
  readonly #connections = new Map<string, Connection>();

  /** The number of the last request that was taken; 0 when there is none. */
  taken(connection: string): number {
    return this.#connections.get(connection)?.taken ?? 0;
  }

  reply(connection: string, number: number): Uint8Array | null {
    return this.#connections.get(connection)?.replies.get(number) ?? null;
  }

  request(name: string, number: number): Taking {
    const connection = this.#connections.get(name);
    const taken = connection?.taken ?? 0;
    if (number <= taken) return 'duplicate';
    if (number > taken + 1) return 'early';
    if (connection !== undefined) {
      connection.taken = number;
      return 'first';
    }
    if (this.#connections.size >= connectionsMax) return 'full';
    this.#connections.set(name, { taken: number, replies: new Map() });
    return 'first';
  }

  /** Whether it is the first reply to a request that was taken. */
  replied(name: string, number: number, bytes: Uint8Array): boolean {
    const connection = this.#connections.get(name);
    if (connection === undefined || number < 1 || number > connection.taken) return false;
    const isForgotten = number <= connection.taken - repliesMax;
    if (isForgotten || connection.replies.has(number)) return false;
    connection.replies.set(number, bytes);
    for (const oldest of connection.replies.keys()) {
      if (connection.replies.size <= repliesMax) break;
      connection.replies.delete(oldest);
    }
    return true;
  }

  close(connection: string): void {
    this.#connections.delete(connection);
  }

  snapshot(): Iterable<Uint8Array> {
    return pieces(
      [...this.#connections].map(([name, { taken, replies }]) => [name, taken, [...replies]]),
    );
  }

  /** @throws Error when these are not the pieces of a snapshot */
  restore(pieces: readonly Uint8Array[]): void {
    this.#connections.clear();
    for (const piece of pieces) {
      const reader = new Reader(piece);
      const name = reader.text(connectionBytesMax);
      const connection: Connection = { taken: reader.natural(), replies: new Map() };
      for (let count = reader.count(repliesMax); count > 0 && !reader.failed; count -= 1) {
        connection.replies.set(reader.natural(), reader.bytes().slice());
      }
      if (reader.failed || reader.remaining > 0)
        throw new Error('This is no state of connections.');
      this.#connections.set(name, connection);
    }
  }
}

export function encodeConnectionMessage(message: ConnectionMessage): Uint8Array {
  const writer = new Writer();
  writer.u8(kinds.indexOf(message.kind));
  writer.text(message.connection);
  writer.natural(message.number);
  writer.raw(message.bytes);
  return writer.take();
}

/** Null when the bytes are none of these. What it says is a copy. */
export function decodeConnectionMessage(bytes: Uint8Array): ConnectionMessage | null {
  const reader = new Reader(bytes);
  const kind = readOneOf(reader, kinds);
  const connection = reader.text(connectionBytesMax);
  const number = reader.natural();
  const rest = reader.raw(reader.remaining).slice();
  return reader.failed ? null : { kind, connection, number, bytes: rest };
}

type Snapshot = readonly [
  name: string,
  taken: number,
  replies: readonly (readonly [number, Uint8Array])[],
];

function* pieces(connections: readonly Snapshot[]): Generator<Uint8Array> {
  const writer = new Writer();
  for (const [name, taken, replies] of connections) {
    writer.text(name);
    writer.natural(taken);
    writer.natural(replies.length);
    for (const [number, bytes] of replies) {
      writer.natural(number);
      writer.bytes(bytes);
    }
    yield writer.take();
  }
}
