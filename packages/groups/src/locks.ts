/**
 * The lock sets of a group and the requests that wait for some (paper §5; K1, K2).
 *
 * Granted sets are pairwise disjoint (G3). A waiting request reserves its place: nothing that comes
 * later and overlaps it is granted before it, so a large set does not starve behind small ones.
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
  #queue: LockRequest[] = [];

  get sets(): readonly LockSet[] {
    return [...this.#sets.values()];
  }

  get queue(): readonly LockRequest[] {
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
    return this.sets.filter((set) => set.holder === client);
  }

  /** Who stands in the way of a new request; empty when it can be granted. */
  obstacles(objects: readonly ObjectId[]): readonly Holder[] {
    return this.#obstacles(objects, this.#queue);
  }

  grant(request: LockRequest, seq: number, absence: number | null): LockSet {
    const { client: holder, localId, graceMs, objects } = request;
    const set: LockSet = { id: lockSetId(seq), holder, localId, graceMs, objects, absence };
    this.restore(set);
    return set;
  }

  enqueue(request: LockRequest): void {
    this.#queue.push(request);
  }

  /** Ends the waiting of the requests that match; returns them. */
  dequeue(matches: (request: LockRequest) => boolean): readonly LockRequest[] {
    const ended = this.#queue.filter(matches);
    this.#queue = this.#queue.filter((request) => !matches(request));
    return ended;
  }

  /** Takes objects out of a set; returns what is left of it, null when nothing is. */
  release(set: LockSet, objects: readonly ObjectId[]): LockSet | null {
    for (const object of objects) this.#setOf.delete(object);
    const rest = set.objects.filter((object) => !objects.includes(object));
    if (rest.length === 0) {
      this.#sets.delete(set.id);
      return null;
    }
    const left = { ...set, objects: rest };
    this.#sets.set(set.id, left);
    return left;
  }

  /** Notes that the holder went away, or came back; returns its sets. */
  setAbsence(client: ClientId, absence: number | null): readonly LockSet[] {
    const held = this.heldBy(client).map((set) => ({ ...set, absence }));
    for (const set of held) this.#sets.set(set.id, set);
    return held;
  }

  hasGrantable(): boolean {
    return this.#grantableIndex() !== -1;
  }

  /** The first waiting request that can be granted now, taken out of the queue; null when none can. */
  takeGrantable(): LockRequest | null {
    const index = this.#grantableIndex();
    return index === -1 ? null : (this.#queue.splice(index, 1)[0] ?? null);
  }

  restore(set: LockSet): void {
    this.#sets.set(set.id, set);
    for (const object of set.objects) this.#setOf.set(object, set.id);
  }

  #grantableIndex(): number {
    return this.#queue.findIndex(
      (request, place) =>
        this.#obstacles(request.objects, this.#queue.slice(0, place)).length === 0,
    );
  }

  #obstacles(objects: readonly ObjectId[], before: readonly LockRequest[]): readonly Holder[] {
    const found: Holder[] = [];
    for (const object of objects) {
      const set = this.setOf(object);
      const waiting = before.find((request) => request.objects.includes(object));
      if (set !== null) found.push({ object, clientId: set.holder, waiting: false });
      else if (waiting) found.push({ object, clientId: waiting.client, waiting: true });
    }
    return found;
  }
}
