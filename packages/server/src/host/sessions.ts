/** The sessions of this host: who is attached through which connection, and who is to be fed. */
import type { ClientId, SessionId } from '@choir/protocol';
import type { Connection } from './connection.ts';
import { Session } from './session.ts';
import type { Streams } from './streams.ts';

export class Sessions {
  readonly #streams: Streams;
  readonly #byId = new Map<SessionId, Session>();
  readonly #ready: Session[] = [];

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  /** Somebody waits to be fed. */
  get anyReady(): boolean {
    return this.#ready.length > 0;
  }

  get(id: SessionId): Session | undefined {
    return this.#byId.get(id);
  }

  begin(id: SessionId, client: ClientId, connection: Connection): Session {
    const session = new Session({ id, client }, connection, this.#ready);
    this.#byId.set(id, session);
    connection.session = session;
    connection.stage = 'attached';
    return session;
  }

  /** Nothing is fed to it any more. */
  end(session: Session): void {
    if (session.ended) return;
    session.ended = true;
    this.#byId.delete(session.id);
    session.connection.session = null;
    for (const name of session.watches.keys()) this.#streams.unwatch(name, session);
    for (const subscription of session.subscriptions.values()) {
      subscription.stream.subscriptions.delete(subscription);
      this.#streams.released(subscription.stream);
    }
    session.block?.abandon();
    for (const item of session.items) if (item.kind === 'block') item.block.abandon();
    session.items.clear();
  }

  /** Those to be fed now, who waited longest; each is in the list once. */
  takeReady(max: number): readonly Session[] {
    return this.#ready.splice(0, max);
  }
}
