/** What the order says of connections, as it is delivered: Connects take effect, messages pass or are suppressed. */
import type { Connections } from '../connection/connections.ts';
import type { Routes } from '../connection/routes.ts';
import type { Held } from '../rmp/held.ts';
import type { BodyOf, Request } from '../wire/index.ts';
import type { Connecting } from './connecting.ts';
import type { EffectOf } from './effects.ts';
import type { GroupState } from './group-state.ts';

export class Passage {
  readonly #state: GroupState;
  readonly #connections: Connections;
  readonly #routes: Routes;
  /** Told of what was delivered; ordering is there before it. */
  connecting: Connecting | null = null;

  constructor(state: GroupState, connections: Connections) {
    this.#state = state;
    this.#connections = connections;
    this.#routes = connections.routes(state.id);
  }

  connect(held: Held, body: BodyOf<'connect'>): void {
    const change = this.#routes.connect(held, body);
    this.connecting?.delivered(held, body, change);
    if (change === 'same' || change === 'full') return;
    const { connection, group: carrier, address } = body;
    const state = this.#connections.opened(connection) ? 'moved' : 'opened';
    const place = { carrier, address, barrier: held.timestamp, source: held.source };
    const { id: group } = this.#state;
    this.#state.emit({ kind: 'connection', group, connection, state, ...place });
  }

  /** Why the application is not given this message of a connection; null: it is. */
  judge(request: Request, held: Held): EffectOf<'suppressed'>['why'] | null {
    const { place, verdict } = this.#routes.judge(request.connection, held);
    const why =
      verdict !== 'current' ? verdict : this.#connections.take(request) ? null : 'duplicate';
    const { id: group, surroundings } = this.#state;
    const { timestamp } = held;
    const processed = why === null;
    surroundings.observe({ kind: 'request', group, request, place, timestamp, processed });
    return why;
  }

  /** Somebody was added to the group. */
  added(): void {
    this.connecting?.added();
  }
}
