/**
 * The conflict rule of rejoining (paper §7.2): what a resume block showed that may void pending work.
 * It is remembered over blocks that were cut short, because the next one starts after them, and is
 * judged when a block has ended (E5).
 *
 * A write conflicts when, after its `base`, somebody else was granted or gave up a lock on its object.
 * A write that was made knowing of the change has a later base and does not.
 */
import type { ClientId, Event, GroupName, ObjectId } from '@choir/protocol';
import { type Pending, writesIn } from './pending.ts';

export type Verdict = {
  readonly conflicts: readonly Pending[];
  readonly discarded: readonly Pending[];
};

export class Missed {
  /** Per object the newest change of its lock by somebody else. */
  readonly #lockChanges = new Map<ObjectId, number>();
  /** What was handed over up to this local id was made before somebody's checkpoint was known. */
  #checkpointed = 0;

  /** Takes note of an event at `seq`; `lastLocalId` is the newest that the application has used. */
  note(
    event: Event,
    seq: number,
    { me, lastLocalId }: { me: ClientId; lastLocalId: number },
  ): void {
    if (event.kind === 'group_state') {
      if (event.senderId !== me) this.#checkpointed = lastLocalId;
    } else if (event.kind === 'lock_granted' || event.kind === 'lock_released') {
      if (changedBy(event) === me) return;
      for (const object of event.objects) this.#lockChanges.set(object, seq);
    }
  }

  /** Judges `undecided`: the pending messages of the group that the server has not decided. */
  judge(undecided: readonly Pending[], group: GroupName): Verdict {
    const conflicts = undecided.filter((pending) => this.#conflicts(pending, group));
    const conflicting = new Set(conflicts);
    const others = undecided.filter((pending) => !conflicting.has(pending));
    const discarded =
      conflicts.length > 0 ? others : others.filter(({ localId }) => localId <= this.#checkpointed);
    return { conflicts, discarded };
  }

  forget(): void {
    this.#lockChanges.clear();
    this.#checkpointed = 0;
  }

  #conflicts(pending: Pending, group: GroupName): boolean {
    return writesIn(pending, group).some(
      ({ object, base }) => (this.#lockChanges.get(object) ?? 0) > base,
    );
  }
}

/** Who changed the lock; null when it was taken away, by the end of a grace period or by a break. */
function changedBy(
  event: Extract<Event, { kind: 'lock_granted' | 'lock_released' }>,
): ClientId | null {
  if (event.kind === 'lock_granted') return event.senderId;
  const taken = event.cause === 'grace_expired' || event.cause === 'broken';
  return taken ? null : (event.by ?? event.senderId);
}
