/**
 * The owner of a client identity: what outlives its processes. The outbox is what a driver stores on disk;
 * the wishes are what a person would do again after a restart.
 */
import type { OutboxRecord } from '@choir/client/session';
import type { ClientId, GroupName, LocalId } from '@choir/protocol';

/** Removals that a crash may undo. */
const lateMax = 6;

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

  /** Removed from the outbox a moment ago; the last removals may not have reached the disk. */
  #late: OutboxRecord[] = [];

  constructor(name: string, secret: Uint8Array, clientId: ClientId | null = null) {
    this.name = name;
    this.secret = secret;
    this.clientId = clientId;
  }

  store(record: OutboxRecord): void {
    this.outbox.set(record.localId, record);
  }

  /** What no server has decided is removed for good, and what was decided some time later. */
  unstore(localId: LocalId, decided: boolean): void {
    const record = this.outbox.get(localId);
    this.outbox.delete(localId);
    if (record === undefined || !decided) return;
    this.#late.push(record);
    if (this.#late.length > lateMax) this.#late.shift();
  }

  /** The process ended; of its last removals so many are undone. */
  crash(undone: number): void {
    for (const record of this.#late.slice(this.#late.length - undone)) this.store(record);
    this.#late = [];
  }

  get lateRemovals(): number {
    return this.#late.length;
  }
}
