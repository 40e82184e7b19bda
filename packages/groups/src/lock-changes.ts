/**
 * When the lock of each object of a group changed hands, for the conflict rule (G5). Bounded: the
 * records touched longest ago are dropped, and writes older than what was dropped are refused.
 */
import type { ClientId, ObjectId } from '@choir/protocol';
import { type Change, changed, changedByOther, type LatestChange } from './latest-change.ts';

/** Objects of one group whose lock changes are remembered. */
const objectsMax = 100_000;

export class LockChanges {
  readonly #latest = new Map<ObjectId, LatestChange>();
  #floor = 0;

  /** Newest change that was dropped: a write with an older base may conflict with it. */
  get floor(): number {
    return this.#floor;
  }

  add(object: ObjectId, change: Change): void {
    const latest = changed(this.#latest.get(object), change);
    // Taken out first, so that the order of the map is that of the last change.
    this.#latest.delete(object);
    this.#latest.set(object, latest);
    if (this.#latest.size > objectsMax) this.#dropOldest();
  }

  /** `seq` of the newest change by anybody but `client`, as far as is known; 0 when there was none. */
  byOther(object: ObjectId, client: ClientId): number {
    return Math.max(this.#floor, changedByOther(this.#latest.get(object), client));
  }

  entries(): Iterable<readonly [ObjectId, LatestChange]> {
    return this.#latest;
  }

  restore(floor: number, entries: Iterable<readonly [ObjectId, LatestChange]>): void {
    this.#floor = floor;
    for (const [object, latest] of entries) this.#latest.set(object, latest);
  }

  #dropOldest(): void {
    for (const [object, { newest }] of this.#latest) {
      this.#latest.delete(object);
      this.#floor = Math.max(this.#floor, newest.seq);
      return;
    }
  }
}
