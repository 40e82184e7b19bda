/**
 * The lock sets of one group, folded from its events, and every change that an object's lock has
 * ever seen. Nothing is dropped and nothing is clever: the product keeps less and must agree.
 */
import type { GroupEvent } from '../group-event.ts';

export type LockSet = {
  readonly lockSet: number;
  readonly holder: string;
  readonly localId: number;
  readonly objects: readonly string[];
  readonly graceMs: number;
  readonly granted: number;
  /** Position since which the holder is away; null while it is here. */
  readonly absentSince: number | null;
};

/** `by` is empty when it counts as by another for everybody: a grace period that ended, a break. */
export type Change = { readonly seq: number; readonly by: string };

export type Waiting = {
  readonly client: string;
  readonly localId: number;
  readonly objects: readonly string[];
};

export class Locks {
  readonly #sets = new Map<number, LockSet>();
  readonly #changes = new Map<string, Change[]>();
  #queue: Waiting[] = [];

  get sets(): readonly LockSet[] {
    return [...this.#sets.values()];
  }

  get queue(): readonly Waiting[] {
    return this.#queue;
  }

  get(lockSet: number): LockSet | null {
    return this.#sets.get(lockSet) ?? null;
  }

  /** Every set that has the object: more than one breaks K1. */
  setsWith(object: string): readonly LockSet[] {
    return this.sets.filter((set) => set.objects.includes(object));
  }

  /** Whether anybody but `client` changed the object's lock after `base`. */
  changedByOther(object: string, client: string, base: number): boolean {
    const changes = this.#changes.get(object) ?? [];
    return changes.some(({ seq, by }) => seq > base && by !== client);
  }

  wait(request: Waiting): void {
    this.#queue.push(request);
  }

  stopWaiting(client: string, localId: number | null): void {
    this.#queue = this.#queue.filter(
      (waiting) => waiting.client !== client || (localId !== null && waiting.localId !== localId),
    );
  }

  /** `away`: position since which the new holder is absent, null when it is here. */
  apply(event: GroupEvent, seq: number, away: number | null): void {
    switch (event.event) {
      case 'lock_granted': {
        const { sender: holder, localId, lockSet, objects, graceMs } = event;
        const absentSince = away === null ? null : seq;
        const set = { lockSet, holder, localId, objects, graceMs, granted: seq, absentSince };
        this.#sets.set(lockSet, set);
        this.#change(objects, { seq, by: holder });
        this.stopWaiting(holder, localId);
        return;
      }
      case 'lock_released':
        this.#release(event.lockSet, event.objects);
        this.#change(event.objects, { seq, by: whoEnded(event) });
        return;
      case 'disconnected_member':
        this.#setAbsence(event.client, seq);
        return;
      case 'rejoined_member':
      case 'new_member':
        this.#setAbsence(event.client, null);
        return;
      case 'non_member':
        this.stopWaiting(event.client, null);
        return;
      default:
    }
  }

  #setAbsence(holder: string, absentSince: number | null): void {
    for (const set of this.sets) {
      if (set.holder === holder) this.#sets.set(set.lockSet, { ...set, absentSince });
    }
  }

  #release(lockSet: number, released: readonly string[]): void {
    const set = this.#sets.get(lockSet);
    if (set === undefined) return;
    const objects = set.objects.filter((object) => !released.includes(object));
    if (objects.length === 0) this.#sets.delete(lockSet);
    else this.#sets.set(lockSet, { ...set, objects });
  }

  #change(objects: readonly string[], change: Change): void {
    for (const object of objects) {
      const changes = this.#changes.get(object);
      if (changes === undefined) this.#changes.set(object, [change]);
      else changes.push(change);
    }
  }
}

/** Who gave a lock up, for the rules of conflict. */
export function whoEnded({ cause, by }: { readonly cause: string; readonly by: string }): string {
  return cause === 'grace_expired' || cause === 'broken' ? '' : by;
}
