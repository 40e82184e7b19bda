/**
 * Logical connections (B4): replicas of a client ask a replicated service. Each of them may send each request, and each replica of the service
 * replies; the service is given a request once, and everybody one reply. The connection survives them all, but one on each side.
 */
import {
  ConnectionState,
  connectionBytesMax,
  connectionsMax,
  decodeConnectionMessage,
  encodeConnectionMessage,
  type Member,
  repliesMax,
} from '../core/index.ts';
import { GroupError } from '../group-error.ts';
import { checkText } from '../options.ts';
import type { Block, Place } from './block.ts';

export type ServiceRequest = {
  readonly connection: string;
  readonly number: number;
  readonly bytes: Uint8Array;
};

/**
 * Serves a request, at its place in the order: what it replies, and does, follows from the requests before alone. An error ends the membership, as
 * in any replica.
 */
export type Service = (request: ServiceRequest) => Uint8Array;

type Waiting = PromiseWithResolvers<Uint8Array>;

const nothing = new Uint8Array();
/** Stands for the number where a connection is closed. */
const closing = 0;

export class Connections implements Block {
  readonly #state = new ConnectionState();
  readonly #service: Service | null;
  readonly #waiting = new Map<string, Set<Waiting>>();
  #place: Place | null = null;

  /** @param service null, which is the default, for a member that only asks */
  constructor(service: Service | null = null) {
    this.#service = service;
  }

  /** The number of the last request that the service was given; 0 when there is none. A replica that has just joined goes on behind it. */
  taken(connection: string): number {
    return this.#state.taken(connection);
  }

  /**
   * Asks the service. Replicas of a client that go through the same calls call alike, under the same numbers: whoever is first is heard.
   *
   * @param connection the client's name, 1 … 64 bytes
   * @param number 1 for the first request of the connection, then one more for each
   * @returns the reply, at once when it has come before
   * @throws GroupError `group-option` when the number leaves some out, or its reply is not remembered any more (256 are)
   */
  async call(
    connection: string,
    number: number,
    bytes: Uint8Array,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    checkText('A connection', connection, connectionBytesMax);
    signal?.throwIfAborted();
    const known = this.#state.reply(connection, number);
    if (known !== null) return known;
    this.#check(connection, number);
    const isTaken = number <= this.#state.taken(connection);
    const request = message('request', { connection, number, bytes });
    return await this.#await(connection, number, { say: isTaken ? null : request, signal });
  }

  /** Forgets the connection, at its place in the order: its numbers begin anew. */
  async close(connection: string): Promise<void> {
    checkText('A connection', connection, connectionBytesMax);
    const close = message('close', { connection, number: closing, bytes: nothing });
    await this.#await(connection, closing, { say: close, signal: undefined });
  }

  /** @internal */
  attach(place: Place | null): void {
    this.#place = place;
    const error = new GroupError(
      place === null ? 'group-over' : 'group-excluded',
      'This process is out of the group: the reply did not come before that.',
    );
    for (const waiters of this.#waiting.values()) {
      for (const { reject } of waiters) reject(error);
    }
  }

  /** @internal */
  apply(_from: Member, bytes: Uint8Array): void {
    const said = decodeConnectionMessage(bytes);
    if (said === null) return;
    const { kind, connection, number } = said;
    switch (kind) {
      case 'request':
        this.#requested(said);
        return;
      case 'reply':
        if (this.#state.replied(connection, number, said.bytes)) {
          this.#settle(connection, number, ({ resolve }) => resolve(said.bytes));
        }
        return;
      case 'close':
        this.#state.close(connection);
        this.#settle(connection, closing, ({ resolve }) => resolve(nothing));
        return;
      default:
        kind satisfies never;
    }
  }

  /** @internal */
  snapshot(): Iterable<Uint8Array> {
    return this.#state.snapshot();
  }

  /** @internal */
  restore(pieces: readonly Uint8Array[]): void {
    this.#state.restore(pieces);
  }

  /** Says it, if there is something to say, and waits until it is settled. */
  async #await(
    connection: string,
    number: number,
    { say, signal }: { readonly say: Uint8Array | null; readonly signal: AbortSignal | undefined },
  ): Promise<Uint8Array> {
    const place = this.#open;
    const key = keyOf(connection, number);
    const waiting = Promise.withResolvers<Uint8Array>();
    waiting.promise.catch(() => {});
    const others = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, others.add(waiting));
    const abort = (): void => waiting.reject(signal?.reason);
    signal?.addEventListener('abort', abort);
    try {
      if (say !== null) await place.say(say, signal);
      return await place.awaiting(waiting.promise);
    } finally {
      signal?.removeEventListener('abort', abort);
      others.delete(waiting);
      if (others.size === 0) this.#waiting.delete(key);
    }
  }

  #requested({ connection, number, bytes }: ServiceRequest): void {
    const taking = this.#state.request(connection, number);
    if (taking === 'full' || taking === 'early') {
      const text =
        taking === 'full'
          ? `The group has ${connectionsMax} connections: close one.`
          : `Request ${number} of "${connection}" leaves out some before it.`;
      this.#settle(connection, number, ({ reject }) =>
        reject(new GroupError('group-option', text)),
      );
    }
    if (taking !== 'first' || this.#service === null) return;
    const reply = this.#service({ connection, number, bytes });
    this.#place?.tell(message('reply', { connection, number, bytes: reply }));
  }

  #settle(connection: string, number: number, settle: (waiting: Waiting) => void): void {
    for (const waiting of this.#waiting.get(keyOf(connection, number)) ?? []) settle(waiting);
  }

  #check(connection: string, number: number): void {
    const taken = this.#state.taken(connection);
    if (!Number.isSafeInteger(number) || number < 1) {
      throw new GroupError('group-option', `Requests are numbered from 1 on, not ${number}.`);
    }
    if (number <= taken - repliesMax) {
      throw new GroupError(
        'group-option',
        `Request ${number} of "${connection}" is too old: ${repliesMax} replies are remembered, of ${taken} requests.`,
      );
    }
  }

  get #open(): Place {
    if (this.#place !== null) return this.#place;
    throw new GroupError('group-over', 'This replica is in no group: give it to join.');
  }
}

function keyOf(connection: string, number: number): string {
  return `${number} ${connection}`;
}

function message(kind: 'request' | 'reply' | 'close', request: ServiceRequest): Uint8Array {
  return encodeConnectionMessage({ kind, ...request });
}
