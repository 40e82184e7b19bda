/** A shared object of a group: its committed content, and how to change it (paper §3.2). */
import type { GroupName, ObjectId } from '@choir/protocol';
import type { Core } from './core.ts';
import { concatenated, type Data, text } from './data.ts';
import { outgoing } from './parts.ts';
import type { Settled } from './settlements.ts';

/**
 * A shared object of a group: its content as it was delivered, and how to change it (paper §3.2). It
 * is a view: what it gives is what holds when it is asked.
 */
export class SharedObject {
  /** Its id in the group. */
  readonly id: string;
  readonly #core: Core;
  readonly #group: GroupName;
  readonly #object: ObjectId;

  /** @internal */
  constructor(core: Core, group: GroupName, id: ObjectId) {
    this.#core = core;
    this.#group = group;
    this.#object = id;
    this.id = id;
  }

  /**
   * Appends to the object (INC).
   *
   * @param data At most 1 MiB, or what the server takes.
   * @returns Where it took effect, once it is on the server's disk.
   * @throws LOCKED, CONFLICT, CHECKPOINTED, STALE_FENCE when others changed it in a way that this
   *   update could not know of; NOT_A_MEMBER, STATELESS.
   */
  update(data: Data): Promise<Settled> {
    return this.#write('INC', data);
  }

  /** Replaces the object (NEW). Takes, returns and fails as `update` does. */
  replace(data: Data): Promise<Settled> {
    return this.#write('NEW', data);
  }

  /**
   * The updates since the object was last replaced, in order. Only what was delivered is in it: not
   * what this client has sent and not got back.
   */
  updates(): readonly Uint8Array[] {
    const objects = this.#core.session.group(this.#group)?.copy?.objects;
    return (objects?.get(this.#object) ?? []).map(({ data }) => data);
  }

  /** The updates one behind the other: for objects whose updates append. */
  bytes(): Uint8Array {
    return concatenated(this.updates());
  }

  /** `bytes` as text; what is not UTF-8 becomes U+FFFD. */
  text(): string {
    return text(this.bytes());
  }

  #write(update: 'INC' | 'NEW', data: Data): Promise<Settled> {
    const part = { kind: 'obj_state', group: this.#group, object: this.id, update, data } as const;
    return this.#core.submit(() => ({ kind: 'send', parts: [outgoing(part)] }));
  }
}
