/**
 * The owner of a client identity: what outlives its processes. The outbox is what a driver stores on disk;
 * the wishes are what a person would do again after a restart.
 */
import type { OutboxRecord } from '@choir/client/session';
import type { ClientId, GroupName } from '@choir/protocol';

export class Owner {
  readonly name: string;
  readonly secret: Uint8Array;
  /** Asked for at the first hello; else the server issues one. */
  clientId: ClientId | null;
  readonly outbox = new Map<number, OutboxRecord>();
  lastLocalId = 0;
  /** The server knows it: from now on the id is nobody else's. */
  registered = false;
  /** Groups that this person wants to be in. */
  readonly wishes = new Set<GroupName>();

  constructor(name: string, secret: Uint8Array, clientId: ClientId | null = null) {
    this.name = name;
    this.secret = secret;
    this.clientId = clientId;
  }
}
