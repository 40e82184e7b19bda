/**
 * Effects: what the driver has to do, in this order. `store` comes before the first `send` of the same
 * submission; a driver that writes to disk must have done so before it goes on to the `send`.
 */
import type { ClientId, FromClient, GroupName, LocalId, SubmissionBody } from '@choir/protocol';
import type { SessionEvent } from './events.ts';

/** A submission as it is stored; a later record with the same local id replaces an earlier one. */
export type OutboxRecord = {
  readonly localId: LocalId;
  readonly group: GroupName;
  readonly body: SubmissionBody;
  /** Groups in which the writes of this submission have no `base` yet. */
  readonly unbased: readonly GroupName[];
  /** Display name under which the group was joined when it was written; null when it was not. */
  readonly memberName: string | null;
};

export type Effect =
  /** Opens a connection to the server with that index. Inputs name the connection by its number. */
  | { readonly kind: 'open'; readonly connection: number; readonly server: number }
  /** Asks the application for a token that holds now; answered by `token` or `noToken`. */
  | { readonly kind: 'authenticate'; readonly connection: number }
  /** Closes it after what was sent before; `closed` need not be reported for it. */
  | { readonly kind: 'close'; readonly connection: number }
  | { readonly kind: 'send'; readonly connection: number; readonly message: FromClient }
  | { readonly kind: 'emit'; readonly event: SessionEvent }
  /** The first welcome: the client id is to be stored with the secret and with the server that knows it. */
  | { readonly kind: 'identify'; readonly clientId: ClientId; readonly server: number }
  | { readonly kind: 'store'; readonly record: OutboxRecord }
  /**
   * `decided`: a server remembers what became of it, and answers should it come back. One that no server
   * has decided would take effect then: it must be gone for good before what follows is carried out.
   */
  | { readonly kind: 'unstore'; readonly localId: LocalId; readonly decided: boolean };

export class Effects {
  #effects: Effect[] = [];

  push(effect: Effect): void {
    this.#effects.push(effect);
  }

  emit(event: SessionEvent): void {
    this.#effects.push({ kind: 'emit', event });
  }

  drain(): readonly Effect[] {
    const effects = this.#effects;
    if (effects.length > 0) this.#effects = [];
    return effects;
  }
}
