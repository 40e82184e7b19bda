/**
 * One member's replica of logical connections (B4): the state that all have, and what its service, if it has one, made of the requests.
 *
 * B4 A service is given every request once, in the order in which they were taken: at its place; those that waited for their reply when this member took
 *    the state over, at its first view, unless the state came from a member whose service had been given them.
 *
 * In the pieces of a snapshot: whether the member serves and how many pieces the next two have; the state of the connections; the replies that were made
 * to the requests that wait; the state of the service. Who only asks gives neither of the last two: its replicas did not go through the requests.
 */
import { Reader, utf8Of, Writer } from '@choir/bytes';
import { type ConnectionLimits, connectionLimits, entryBytes } from './connection-limits.ts';
import {
  callBytesMax,
  decodeConnectionMessage,
  encodeConnectionMessage,
} from './connection-message.ts';
import {
  ConnectionState,
  keyOf,
  type Reply,
  type Standing,
  type Taking,
} from './connection-state.ts';
import { MadeReplies } from './made-replies.ts';
import type { Service, ServiceRequest, StatefulService } from './service.ts';

/** What a message, or a view, leads to. */
export type ConnectionEffect =
  /** To be multicast. */
  | { readonly kind: 'say'; readonly bytes: Uint8Array }
  /** The service was given it, and made this of it. */
  | { readonly kind: 'served'; readonly request: ServiceRequest; readonly reply: Reply }
  | {
      readonly kind: 'replied';
      readonly connection: string;
      readonly number: number;
      readonly reply: Reply;
    }
  /** It was not taken; or it was, and its reply is not remembered. Also of a closing that came too late. */
  | {
      readonly kind: 'refused';
      readonly connection: string;
      readonly number: number;
      /** That who said it knew of. */
      readonly closings: number;
      readonly reason: Exclude<Taking, 'taken' | 'duplicate'> | 'forgotten';
    }
  /** `unreplied`: the numbers of its requests that waited for their reply. What was said to it after fewer than `closings` comes too late. */
  | {
      readonly kind: 'closed';
      readonly connection: string;
      readonly closings: number;
      readonly unreplied: readonly number[];
    };

const noBytes = new Uint8Array(0);
const nothing: readonly ConnectionEffect[] = [];
const noReply = failure(
  'What the service replied is no Uint8Array; it replies at once, not with a promise: mend it.',
);
const tooMany = failure(
  'The request was served, and there is no room for its reply, since too many bytes of replies wait to go out: await some before the next calls.',
);

export class ConnectionReplica {
  /**
   * Whether what is said is multicast as safe. Who is cut off while it speaks alone is given its own agreed messages for a moment: its call would end with a
   * reply to a request that nobody else was ever given.
   */
  readonly safe = true;
  readonly #state: ConnectionState;
  readonly #service: Service | StatefulService | null;
  readonly #made = new MadeReplies();
  readonly #madeBytesMax: number;
  /** It has taken a state over, and is in no view yet. */
  #isFresh = false;
  /** Its service was at its beginning then. */
  #isAtBeginning = false;

  constructor(
    service: Service | StatefulService | null,
    limits: ConnectionLimits = connectionLimits,
  ) {
    this.#state = new ConnectionState(limits);
    this.#madeBytesMax = limits.madeBytes;
    this.#service = service;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** What a call under this number comes to: ends at once, waits, or is to be said. */
  standing(connection: string, number: number): Standing {
    return this.#state.standing(connection, number);
  }

  apply(bytes: Uint8Array): readonly ConnectionEffect[] {
    const message = decodeConnectionMessage(bytes);
    if (message === null) return nothing;
    const { kind, connection, number, closings } = message;
    switch (kind) {
      case 'request':
        return this.#requested({ connection, number, bytes: message.bytes }, closings);
      case 'reply':
      case 'failure': {
        const reply = { kind, bytes: message.bytes };
        if (!this.#state.replied(connection, number, { ...reply, closings })) return nothing;
        this.#made.delete(keyOf(connection, number));
        return [{ kind: 'replied', connection, number, reply }];
      }
      case 'close': {
        const unreplied = this.#state.close(connection, closings);
        if (unreplied === null) {
          return [{ kind: 'refused', connection, number, closings, reason: 'late' }];
        }
        for (const one of unreplied) this.#made.delete(keyOf(connection, one));
        const least = this.#state.closingsLeast(connection);
        return [{ kind: 'closed', connection, closings: least, unreplied }];
      }
      default:
        return kind satisfies never;
    }
  }

  /**
   * A view. In its first one who serves serves what its service was not given, and says all replies to what waits: those that had been made may have
   * been said by nobody who is left.
   */
  view(): readonly ConnectionEffect[] {
    if (!this.#isFresh) return nothing;
    this.#isFresh = false;
    if (this.#service === null) return nothing;
    const requests = this.#isAtBeginning ? this.#state.beginning : this.#state.waiting;
    return [...requests].flatMap((request) => {
      const bytes = this.#made.get(keyOf(request.connection, request.number));
      return bytes === undefined ? this.#serve(request) : [{ kind: 'say', bytes } as const];
    });
  }

  /** As before the first request. */
  clear(): void {
    this.#state.clear();
    this.#made.clear();
    this.#isFresh = false;
    if (isStateful(this.#service)) this.#service.restore([]);
  }

  /** The state now, gone through later. */
  snapshot(): Iterable<Uint8Array> {
    const head = new Writer();
    head.u8(this.#service === null ? 0 : 1);
    head.natural(this.#state.pieces);
    head.natural(this.#made.size);
    const service = isStateful(this.#service) ? this.#service.snapshot() : [];
    return joined([[head.take()], this.#state.snapshot(), this.#made.messages, service]);
  }

  /** @throws Error when these are not the pieces of a snapshot, or lack the state that this member's service needs */
  restore([head = noBytes, ...pieces]: readonly Uint8Array[]): void {
    const reader = new Reader(head);
    const isServed = reader.flag();
    const [stateEnd, made] = [reader.natural(), reader.natural()];
    if (reader.failed || reader.remaining > 0 || stateEnd + made > pieces.length) {
      throw new Error('This is no state of connections.');
    }
    this.#state.restore(pieces.slice(0, stateEnd));
    this.#made.clear();
    this.#isFresh = true;
    this.#isAtBeginning = isStateful(this.#service) && !isServed;
    if (this.#service === null) return;
    if (isServed) this.#restoreMade(pieces.slice(stateEnd, stateEnd + made));
    if (!isStateful(this.#service)) return;
    // Whoever only asks has not gone through the requests; when nobody was ever replied to, all of them are there to begin with.
    if (!isServed && this.#state.hasBegun) {
      throw new Error(
        'The state of the service is not in it, since it is that of a member that only asks: a member that serves has to give it.',
      );
    }
    this.#service.restore(isServed ? pieces.slice(stateEnd + made) : []);
  }

  #restoreMade(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      const message = decodeConnectionMessage(piece);
      if (message === null) throw new Error('A reply of the service cannot be read.');
      this.#made.add(keyOf(message.connection, message.number), piece.slice());
    }
  }

  #requested(request: ServiceRequest, closings: number): readonly ConnectionEffect[] {
    const { connection, number } = request;
    const taking = this.#state.request(request, closings);
    if (taking === 'taken') return this.#serve(request);
    if (taking !== 'duplicate') {
      return [{ kind: 'refused', connection, number, closings, reason: taking }];
    }
    // Whoever said it again may not have known.
    const standing = this.standing(connection, number);
    if (standing.kind === 'forgotten') {
      return [{ kind: 'refused', connection, number, closings, reason: 'forgotten' }];
    }
    if (standing.kind !== 'reply' && standing.kind !== 'failure') return nothing;
    return [{ kind: 'replied', connection, number, reply: standing }];
  }

  #serve(request: ServiceRequest): readonly ConnectionEffect[] {
    const service = this.#service;
    if (service === null) return nothing;
    const { connection, number } = request;
    const made = isStateful(service) ? service.serve(request) : service(request);
    const reply = this.#replyOf(made);
    // Of a closed connection: its effects are the state's, its reply is nobody's.
    if (!this.#state.waits(request)) return [{ kind: 'served', request, reply }];
    const closings = this.#state.closings(connection);
    const bytes = encodeConnectionMessage({ connection, number, closings, ...reply });
    this.#made.add(keyOf(connection, number), bytes);
    return [
      { kind: 'served', request, reply },
      { kind: 'say', bytes },
    ];
  }

  #replyOf(made: Uint8Array): Reply {
    if (!(made instanceof Uint8Array)) return noReply;
    if (made.length > callBytesMax) return tooLong(made);
    const hasRoom = this.#made.bytes + made.length + entryBytes <= this.#madeBytesMax;
    return hasRoom ? { kind: 'reply', bytes: made } : tooMany;
  }
}

function isStateful(service: Service | StatefulService | null): service is StatefulService {
  return service !== null && typeof service !== 'function';
}

function failure(text: string): Reply {
  return { kind: 'failure', bytes: utf8Of(text) ?? noBytes };
}

function tooLong({ length }: Uint8Array): Reply {
  return failure(
    `The reply of the service has ${length} bytes, of at most ${callBytesMax}: reply in parts.`,
  );
}

function* joined(parts: readonly Iterable<Uint8Array>[]): Generator<Uint8Array> {
  for (const part of parts) yield* part;
}
