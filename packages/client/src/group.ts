/** A group that this client has joined. */
import { limits, type Property } from '@choir/protocol';
import { ChoirError } from './choir-error.ts';
import { bytesOf, type Data } from './data.ts';
import { Feed } from './feed.ts';
import type { LockOptions } from './lock-desk.ts';
import type { Lock } from './lock-handle.ts';
import { displayNamed, objectNamed } from './names.ts';
import { type GroupPart, type Objects, outgoing } from './parts.ts';
import { quiet, type Settled } from './settlements.ts';
import { SharedObject } from './shared-object.ts';

/** How a message is sent. */
export type BroadcastOptions = {
  /** Not sent back to this client, which gets only the acknowledgement (paper §2). */
  readonly exclusive?: boolean;
};

/**
 * A group that this client has joined. `Client.join` gives it.
 *
 * Everything that changes the group is a promise that settles with the server's decision. While there
 * is no connection it waits; it fails with the server's code, with WITHDRAWN_CONFLICT or
 * WITHDRAWN_DISCARDED when coming back shows that it must not be sent any more (paper §7.2), with
 * OUTBOX_FULL at once, and with CLOSED when the client is closed before. What is decided is told by the
 * events `refused` and `withdrawn` as well, so a promise may be let go.
 */
export class Group extends Feed {
  /**
   * Sends a message to all members, this client among them.
   *
   * @param data At most 1 MiB, or what the server takes.
   * @returns Where it took effect, once it is on the server's disk.
   * @throws TOO_LARGE, NOT_A_MEMBER, FORBIDDEN.
   */
  broadcast(data: Data, { exclusive = false }: BroadcastOptions = {}): Promise<Settled> {
    return this.transaction([{ kind: 'bcast', data, exclusive }]);
  }

  /**
   * Several parts in one message: all take effect at one position, or none does.
   *
   * @param parts 1–64 parts of at most 1 MiB each and about 8 MB together.
   * @throws What any of the parts would fail with.
   */
  transaction(parts: readonly GroupPart[]): Promise<Settled> {
    const { name: group } = this;
    return this.core.submit(() => ({
      kind: 'send',
      parts: parts.map((part) => outgoing({ ...part, group })),
    }));
  }

  /**
   * Replaces the state of the group by these objects, and leaves its locks alone (paper §2,
   * `group_state_bcast`).
   *
   * @param objects At most 10,000, and about 8 MB together.
   * @throws FORBIDDEN unless the client is authorised.
   */
  checkpoint(objects: Objects): Promise<Settled> {
    return this.transaction([{ kind: 'group_state', objects }]);
  }

  /**
   * A shared object, which need not exist yet.
   *
   * @param id 1–200 bytes, segments between single slashes.
   * @throws BAD_NAME.
   */
  object(id: string): SharedObject {
    return new SharedObject(this.core, this.groupName, objectNamed(id));
  }

  /** The objects that exist, as of `position`, in no particular order. */
  objects(): readonly SharedObject[] {
    const ids = [...(this.copy?.objects.all.keys() ?? [])];
    return ids.map((id) => new SharedObject(this.core, this.groupName, id));
  }

  /**
   * Locks a set of objects, all or none (paper §5). Nobody else can change them meanwhile; they need not
   * exist. Requests that wait are served first come, first served.
   *
   * @param ids One id, or up to 256.
   * @returns The lock, once it is granted.
   * @throws LOCK_DENIED with `holders`, when it does not wait; WAIT_ENDED, ABORTED, TIMEOUT, LEFT.
   * @example
   * const lock = await group.lock('title', { timeoutMs: 5_000 });
   * await group.object('title').replace('July');
   * await lock.release();
   */
  lock(ids: string | readonly string[], options: LockOptions = {}): Promise<Lock> {
    const objects = typeof ids === 'string' ? [ids] : ids;
    return this.core.locks.request(this.groupName, objects, options);
  }

  /** The lock sets that this client holds here. */
  locks(): readonly Lock[] {
    return this.core.locks.locksIn(this.name);
  }

  /**
   * A message without order, log or promise, sent now or never: cursors, typing. Members get it as the event
   * `volatile`.
   */
  volatile(data: Data): void {
    this.core.command({ kind: 'volatile', group: this.groupName, data: bytesOf(data) });
  }

  /**
   * Changes the name by which the members see this client.
   *
   * @param name 1–64 bytes.
   * @throws BAD_NAME, NOT_A_MEMBER.
   */
  rename(name: string): Promise<Settled> {
    const { groupName: group } = this;
    return this.core.submit(() => ({ kind: 'rename', group, name: displayNamed(name) }));
  }

  /**
   * Sets properties of the group; an empty value removes one.
   *
   * @param properties At most 64 in the group: names of at most 100 bytes, values of at most 4,096.
   * @throws TOO_LARGE, MALFORMED, LIMIT, NOT_A_MEMBER, FORBIDDEN.
   */
  setProperties(properties: Readonly<Record<string, string>>): Promise<Settled> {
    const { groupName: group } = this;
    return this.core.submit(() => ({
      kind: 'properties',
      group,
      properties: propertiesOf(properties),
    }));
  }

  /** Ends the membership and gives up its locks. What was sent before still takes effect. */
  leave(): Promise<void> {
    return quiet(this.core.leave(this.groupName));
  }
}

export function propertiesOf(properties: Readonly<Record<string, string>>): readonly Property[] {
  return Object.entries(properties).map(([name, value]) => {
    checkText('name of a property', name, limits.propertyNameBytes);
    checkText('value of a property', value, limits.propertyValueBytes);
    return { name, value };
  });
}

export function checkText(what: string, value: string, bytesMax: number): void {
  if (/\p{Cs}/u.test(value)) {
    throw new ChoirError('MALFORMED', `The ${what} holds half a surrogate pair.`);
  }
  if (bytesOf(value).length <= bytesMax) return;
  throw new ChoirError('TOO_LARGE', `A ${what} is at most ${bytesMax} bytes of UTF-8.`);
}
