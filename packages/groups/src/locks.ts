/**
 * The lock sets of a group and the requests that wait for some (paper §5; K1, K2).
 *
 * Granted sets are pairwise disjoint (G3). A waiting request reserves its place: nothing that comes
 * later and overlaps it is granted before it, so a large set does not starve behind small ones. A
 * client that waits for what it holds itself, or two that wait for each other, wait until one of them
 * gives up: nobody is chosen for them.
 */
import {
  type ClientId,
  type Holder,
  type LocalId,
  type LockSetId,
  lockSetId,
  type ObjectId,
} from '@choir/protocol';

export type LockSet = {
  readonly id: LockSetId;
  readonly holder: ClientId;
  /** The submission that asked for it. */
  readonly localId: LocalId;
  readonly graceMs: number;
  readonly objects: readonly ObjectId[];
  /** Position at which the holder went away; null while it is there. */
  readonly absence: number | null;
};

export type LockRequest = {
  readonly client: ClientId;
  readonly localId: LocalId;
  readonly graceMs: number;
  readonly objects: readonly ObjectId[];
};

export class Locks {
  readonly #sets = new Map<LockSetId, LockSet>();
  readonly #setOf = new Map<ObjectId, LockSetId>();
  readonly #heldBy = new Map<ClientId, Set<LockSetId>>();
  readonly #queue = new Set<LockRequest>();
  /** For each object the requests that wait for it, first come first. */
  readonly #waitingFor = new Map<ObjectId, LockRequest[]>();

  get sets(): readonly LockSet[] {
    return [...this.#sets.values()];
  }

  /** Objects that are locked, and objects that are waited for. */
  get claimedCount(): number {
    return this.#setOf.size + this.#waitingFor.size;
  }

  get queue(): ReadonlySet<LockRequest> {
    return this.#queue;
  }

  get(id: LockSetId): LockSet | null {
    return this.#sets.get(id) ?? null;
  }

  /** The set that contains the object, if it is locked. */
  setOf(object: ObjectId): LockSet | null {
    const id = this.#setOf.get(object);
    return id === undefined ? null : this.get(id);
  }

  heldBy(client: ClientId): readonly LockSet[] {
    const held: LockSet[] = [];
    for (const id of this.#heldBy.get(client) ?? []) {
      const set = this.#sets.get(id);
      if (set !== undefined) held.push(set);
    }
    return held;
  }

  waitingOf(client: ClientId): readonly LockRequest[] {
    return [...this.#queue].filter((request) => request.client === client);
  }

  /** Who stands in the way of a new request; empty when it can be granted. */
  obstacles(objects: readonly ObjectId[]): readonly Holder[] {
    const found: Holder[] = [];
    for (const object of objects) {
      const set = this.setOf(object);
      const first = this.#waitingFor.get(object)?.[0];
      if (set !== null) found.push({ object, clientId: set.holder, waiting: false });
      else if (first) found.push({ object, clientId: first.client, waiting: true });
    }
    return found;
  }

  grant(request: LockRequest, seq: number, absence: number | null): LockSet {
    const { client: holder, localId, graceMs, objects } = request;
    const set: LockSet = { id: lockSetId(seq), holder, localId, graceMs, objects, absence };
    this.restore(set);
    return set;
  }

  enqueue(request: LockRequest): void {
    this.#queue.add(request);
    for (const object of request.objects) {
      const waiting = this.#waitingFor.get(object);
      if (waiting === undefined) this.#waitingFor.set(object, [request]);
      else waiting.push(request);
    }
  }

  dequeue(request: LockRequest): void {
    this.#queue.delete(request);
    for (const object of request.objects) {
      const rest = this.#waitingFor.get(object)?.filter((other) => other !== request) ?? [];
      if (rest.length === 0) this.#waitingFor.delete(object);
      else this.#waitingFor.set(object, rest);
    }
  }

  /** Takes objects out of a set; returns what is left of it, null when nothing is. */
  release(set: LockSet, objects: readonly ObjectId[]): LockSet | null {
    for (const object of objects) this.#setOf.delete(object);
    const released = new Set(objects);
    const rest = set.objects.filter((object) => !released.has(object));
    if (rest.length > 0) {
      const left = { ...set, objects: rest };
      this.#sets.set(set.id, left);
      return left;
    }
    this.#sets.delete(set.id);
    const held = this.#heldBy.get(set.holder);
    held?.delete(set.id);
    if (held?.size === 0) this.#heldBy.delete(set.holder);
    return null;
  }

  /** Notes that the holder went away, or came back; returns its sets. */
  setAbsence(client: ClientId, absence: number | null): readonly LockSet[] {
    const held = this.heldBy(client).map((set) => ({ ...set, absence }));
    for (const set of held) this.#sets.set(set.id, set);
    return held;
  }

  /** The first waiting request that could be granted now; null when none can. */
  grantable(): LockRequest | null {
    for (const request of this.#queue) {
      if (request.objects.every((object) => this.#isNext(request, object))) return request;
    }
    return null;
  }

  restore(set: LockSet): void {
    this.#sets.set(set.id, set);
    for (const object of set.objects) this.#setOf.set(object, set.id);
    const held = this.#heldBy.get(set.holder);
    if (held === undefined) this.#heldBy.set(set.holder, new Set([set.id]));
    else held.add(set.id);
  }

  #isNext(request: LockRequest, object: ObjectId): boolean {
    return !this.#setOf.has(object) && this.#waitingFor.get(object)?.[0] === request;
  }
}
