/**
 * Committed content of the objects of a group (E4): per object the updates since it was last replaced,
 * in order. The payload means nothing here; folding it is the application's (paper §3.2).
 */
import type { ObjectId, ObjectState, UpdateKind } from '@choir/protocol';

/** One update; `at` is the `seq` of the entry that made it. */
export type Update = {
  readonly update: UpdateKind;
  readonly at: number;
  readonly data: Uint8Array;
};

const none: readonly Update[] = [];

export class Objects {
  readonly #updates = new Map<ObjectId, Update[]>();

  /** The updates of an object; empty when there is no such object. */
  get(object: ObjectId): readonly Update[] {
    return this.#updates.get(object) ?? none;
  }

  get all(): ReadonlyMap<ObjectId, readonly Update[]> {
    return this.#updates;
  }

  /** NEW replaces the object, INC appends to it. */
  update(object: ObjectId, { update, at, data }: Update): void {
    const kept = { update, at, data: compact(data) };
    const before = this.#updates.get(object);
    if (update === 'INC' && before !== undefined) before.push(kept);
    else this.#updates.set(object, [kept]);
  }

  /** A checkpoint: these objects and no others (paper §3.2, `group_state_bcast`). */
  replaceAll(states: readonly ObjectState[], at: number): void {
    this.#updates.clear();
    for (const { object, data } of states) this.update(object, { update: 'NEW', at, data });
  }
}

/** Payloads that were received are views of a whole frame, which a kept one would keep alive. */
function compact(data: Uint8Array): Uint8Array {
  return data.byteLength === data.buffer.byteLength ? data : data.slice();
}
