/** The side of the client: ConnectRequest is sent again until a Connect for the connection is heard (paper 7). */
import type { ProcessorId } from '../ids.ts';
import { type BodyOf, type ConnectionId, connectionText } from '../wire/index.ts';

type Asked = { readonly body: BodyOf<'connectRequest'>; due: number };

/** Connections that may be asked for at one time. */
const askedMax = 1_024;

export class Asking {
  readonly #everyMs: number;
  readonly #asked = new Map<string, Asked>();

  /** @param everyMs the time between two requests for one connection */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Asks from the next `requests` on; false when too many are asked for. */
  ask(connection: ConnectionId, processors: readonly ProcessorId[], now: number): boolean {
    const name = connectionText(connection);
    if (this.#asked.has(name)) return true;
    if (this.#asked.size >= askedMax) return false;
    this.#asked.set(name, { body: { type: 'connectRequest', connection, processors }, due: now });
    return true;
  }

  /** Nothing more is to be asked; true when it was asked for. */
  answered(connection: ConnectionId): boolean {
    return this.#asked.delete(connectionText(connection));
  }

  /** What is to be sent now. */
  *requests(now: number): Iterable<BodyOf<'connectRequest'>> {
    for (const asked of this.#asked.values()) {
      if (asked.due > now) continue;
      asked.due = now + this.#everyMs;
      yield asked.body;
    }
  }

  get due(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const asked of this.#asked.values()) due = Math.min(due, asked.due);
    return due;
  }
}
