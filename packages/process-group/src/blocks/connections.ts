/**
 * Logical connections (B4): replicas of a client ask a replicated service. Each of them may send each request, and each replica of the service
 * replies; the service is given a request once, and everybody one reply. The connection survives them all, but one on each side; while no member
 * serves, requests wait.
 */
import { textOf } from '@choir/bytes';
import { abortable } from '../abortable.ts';
import { checkSignal, checkText, optionError, shown } from '../arguments.ts';
import {
  type ConnectionEffect,
  type ConnectionMessage,
  ConnectionReplica,
  type ConnectionReply,
  callBytesMax,
  closingsUnknown,
  connectionBytesMax,
  connectionLimits,
  encodeConnectionMessage,
  type Member,
  type Service,
  type StatefulService,
} from '../core/index.ts';
import { GroupError } from '../group-error.ts';
import { type Block, doubtError, type Place, placelessError } from './block.ts';

/** Somebody who waits for what comes of a message. */
type Waiting = PromiseWithResolvers<Uint8Array> & Pick<ConnectionMessage, 'number' | 'closings'>;

type Refused = Extract<ConnectionEffect, { readonly kind: 'refused' }>;

const nothing = new Uint8Array();
/** Stands for the number where a connection is closed. */
const closing = 0;
/** Where a request stands is told by the group, when it comes there. */
const unknown = { kind: 'open' } as const;

/**
 * Logical connections (B4), through which replicas of a client ask a replicated service. Each of them may send each request, and each replica of the service
 * replies; the service is given a request once, and everybody one reply.
 */
export class Connections implements Block {
  readonly #replica: ConnectionReplica;
  readonly safe: boolean;
  /** By their connections. */
  readonly #waiting = new Map<string, Set<Waiting>>();
  #place: Place | null = null;
  /** In a view, so that its copy goes with the group: what waits in one that was left behind may have its reply already. */
  #isIn = false;
  /** It was in a view of the group, so that what it says means a connection as of its copy, however old that is. */
  #isKnown = false;
  /** Why the group that it was in is over. */
  #over: GroupError | null = null;

  /**
   * @param service null, which is the default, for a member that only asks. All that serve have the same one: a function, or an object when a reply
   * depends on requests before
   */
  constructor(service: Service | StatefulService | null = null) {
    this.#replica = new ConnectionReplica(service);
    this.safe = this.#replica.safe;
  }

  /** The number of the last request that was taken; 0 when there is none. A replica that has just joined goes on behind it. */
  taken(connection: string): number {
    return this.#replica.state.taken(connection);
  }

  /**
   * Asks the service. Replicas of a client that go through the same calls call alike, under the same numbers: whoever is first is heard. It waits as long as
   * nobody serves.
   *
   * @param connection the client's name, 1 … 64 bytes
   * @param number 1 for the first request of the connection, then one more for each
   * @param bytes at most 16,760,704; not to be changed until the promise has resolved
   * @param signal gives up waiting; the request may be served all the same
   * @returns the reply, at once when it has come before
   * @throws GroupError `group-option` when the number leaves some out, its reply is not remembered any more (256 of a connection are, and 256 MiB of all), or
   * the group has 4,096 connections; `group-connection` when too many requests wait for replies (256 or 16 MiB of a connection, 128 MiB of all; it was not taken
   * then), the connection was closed before the request or the reply came, or the reply was too long, or found 128 MiB of others waiting to come
   */
  async call(
    connection: string,
    number: number,
    bytes: Uint8Array,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    checkText('A connection', connection, connectionBytesMax);
    checkCall(number, bytes);
    if (signal !== undefined) checkSignal(signal);
    signal?.throwIfAborted();
    const standing = this.#isIn ? this.#replica.standing(connection, number) : unknown;
    switch (standing.kind) {
      case 'reply':
      case 'failure':
        return replyOf(standing);
      case 'forgotten':
        throw refusalOf({ connection, number, reason: standing.kind });
      case 'waiting':
      case 'open': {
        const request = { kind: 'request', connection, number, bytes } as const;
        return await this.#await(request, { isSaid: standing.kind === 'waiting', signal });
      }
      default:
        return standing satisfies never;
    }
  }

  /**
   * Forgets the connection, at its place in the order: its numbers begin anew, and what waits for a reply gets none (`group-connection`). Whether that was
   * served is not known. What any member says to it before it has heard of the closing is nothing to the next connection of the name: await this before you call
   * again.
   *
   * @param signal gives up waiting; it may be closed all the same
   * @throws GroupError `group-connection` when 4,096 others were closed before it came: then it was not closed
   */
  async close(connection: string, signal?: AbortSignal): Promise<void> {
    checkText('A connection', connection, connectionBytesMax);
    if (signal !== undefined) checkSignal(signal);
    signal?.throwIfAborted();
    const message = { kind: 'close', connection, number: closing, bytes: nothing } as const;
    await this.#await(message, { isSaid: false, signal });
  }

  /** @internal */
  attach(place: Place | null, over: GroupError | null): void {
    if (this.#over !== null && place !== null) {
      this.#replica.clear();
      this.#isKnown = false;
    }
    this.#place = place;
    this.#isIn = false;
    this.#over = over;
    const error = over === null ? excludedError() : doubtError(over);
    for (const waiters of this.#waiting.values()) {
      for (const { reject } of waiters) reject(error);
    }
  }

  /** @internal */
  apply({ id }: Member, bytes: Uint8Array): void {
    const isOwn = id === this.#place?.self;
    for (const effect of this.#replica.apply(bytes)) this.#perform(effect, isOwn);
  }

  /** @internal */
  view(): void {
    this.#isIn = true;
    this.#isKnown = true;
    for (const effect of this.#replica.view()) this.#perform(effect, false);
  }

  /** @internal */
  snapshot(): Iterable<Uint8Array> {
    return this.#replica.snapshot();
  }

  /** @internal */
  restore(pieces: readonly Uint8Array[]): void {
    this.#replica.restore(pieces);
  }

  /** @param isOwn whether this member said what led to it */
  #perform(effect: ConnectionEffect, isOwn: boolean): void {
    switch (effect.kind) {
      case 'say':
        this.#place?.tell(effect.bytes);
        return;
      case 'served':
        return;
      case 'replied': {
        const { connection, number, reply } = effect;
        this.#settle(connection, number, (waiting) => settle(waiting, () => replyOf(reply)));
        return;
      }
      case 'refused':
        // What another said under this number is no answer to what this one did: that comes, too.
        if (isOwn) this.#refused(effect);
        return;
      case 'closed': {
        const { connection, closings, unreplied } = effect;
        const text = `Connection "${connection}" was closed before the reply came: whether the request was served is not known.`;
        const error = new GroupError('group-connection', text);
        for (const waiting of this.#waiting.get(connection) ?? []) {
          const { number } = waiting;
          if (number === closing) waiting.resolve(nothing);
          else if (waiting.closings < closings || unreplied.includes(number)) waiting.reject(error);
        }
        return;
      }
      default:
        effect satisfies never;
    }
  }

  /** Says it, if it was not said before, and waits until it is settled. */
  async #await(
    message: Omit<ConnectionMessage, 'closings'>,
    { isSaid, signal }: { readonly isSaid: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<Uint8Array> {
    const place = this.#open;
    const { connection, number } = message;
    const closings = this.#isKnown ? this.#replica.state.closings(connection) : closingsUnknown;
    const waiting = { number, closings, ...Promise.withResolvers<Uint8Array>() };
    waiting.promise.catch(() => {});
    const others = this.#waiting.get(connection) ?? new Set();
    this.#waiting.set(connection, others.add(waiting));
    try {
      if (!isSaid) await place.say(encodeConnectionMessage({ ...message, closings }), signal);
      return await place.awaiting(abortable(waiting.promise, signal));
    } finally {
      others.delete(waiting);
      if (others.size === 0) this.#waiting.delete(connection);
    }
  }

  /** Who said the like as of another place waits for what comes of that. */
  #refused(refused: Refused): void {
    const { connection, number, closings } = refused;
    this.#settle(connection, number, (waiting) => {
      if (waiting.closings === closings) waiting.reject(refusalOf(refused));
    });
  }

  #settle(connection: string, number: number, act: (waiting: Waiting) => void): void {
    for (const waiting of this.#waiting.get(connection) ?? []) {
      if (waiting.number === number) act(waiting);
    }
  }

  get #open(): Place {
    if (this.#place !== null) return this.#place;
    throw placelessError(this.#over);
  }
}

function settle({ resolve, reject }: Waiting, reply: () => Uint8Array): void {
  try {
    resolve(reply());
  } catch (error) {
    reject(error);
  }
}

/** @throws GroupError when the service did not reply, but failed */
function replyOf({ kind, bytes }: ConnectionReply): Uint8Array {
  // The state keeps its own, and passes it on.
  if (kind === 'reply') return bytes.slice();
  throw new GroupError('group-connection', textOf(bytes) ?? 'The service failed.');
}

function excludedError(): GroupError {
  const text =
    'The others removed this process before the reply came: call again under the same number, which is taken once.';
  return new GroupError('group-excluded', text);
}

function refusalOf({
  connection,
  number,
  reason,
}: Pick<Refused, 'connection' | 'number' | 'reason'>): GroupError {
  const request = `Request ${number} of "${connection}"`;
  const { connections, replies, waiting } = connectionLimits;
  switch (reason) {
    case 'early':
      return new GroupError('group-option', `${request} leaves out some before it.`);
    case 'forgotten': {
      const text = `${request} is too old: of a connection ${replies} replies are remembered, and less when they are long.`;
      return new GroupError('group-option', text);
    }
    case 'full': {
      const text = `The group has ${connections} connections: close one.`;
      return new GroupError('group-option', text);
    }
    case 'behind': {
      const text = `${request} was not taken, since ${waiting} wait for their replies, or fewer long ones: call again when some have come. Does a member serve?`;
      return new GroupError('group-connection', text);
    }
    case 'late': {
      const text = `Connection "${connection}" was closed, or ${connections} others were, before what was said to it came: it was not taken. Call again; under 1, if taken(connection) is 0.`;
      return new GroupError('group-connection', text);
    }
    default:
      return reason satisfies never;
  }
}

function checkCall(number: number, bytes: Uint8Array): void {
  if (!Number.isSafeInteger(number) || number < 1) {
    throw optionError(
      `Requests are numbered from 1 on, not ${shown(number)}: give one more than taken(connection).`,
    );
  }
  if (!(bytes instanceof Uint8Array)) {
    throw optionError(
      `A request is a Uint8Array, not ${shown(bytes)}: make one of it, of text by new TextEncoder().encode(text).`,
    );
  }
  if (bytes.length <= callBytesMax) return;
  throw optionError(
    `A request has at most ${callBytesMax} bytes, not ${bytes.length}: ask in parts.`,
  );
}
