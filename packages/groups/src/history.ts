/**
 * How many deliveries a group had, and from where on they are still given (docs/design/groups.md,
 * "Retention"). It knows the place of some deliveries only: enough to say where to cut.
 *
 * Y1 Milestones ascend; there are at most `milestonesMax`, whatever the group was told.
 * Y2 The floor never goes back, nor beyond the newest delivery. It is the position of the newest one that is no
 *    longer given.
 * Y3 The newest delivery is known with its time, so that a group at rest is cut as a whole.
 */
import { ORIGIN, type Position } from '@choir/protocol';

/** A delivery: how many there had been with it, and when it was ordered, ms since 1970. */
export type Milestone = { readonly at: Position; readonly time: number; readonly count: number };

/** What of a group is to be kept: the newest `entries`, and what is younger than `since`. */
export type Kept = { readonly entries?: number; readonly since?: number };

type HistoryRecord = {
  readonly floor: Position;
  readonly spacing: number;
  readonly milestones: readonly Milestone[];
  readonly newest: Milestone | null;
};

/** A cut is off by about an eighth of what there was before it, at most. */
const milestonesMax = 16;

export class History {
  #floor: Position = ORIGIN;
  #milestones: Milestone[] = [];
  #newest: Milestone | null = null;
  /** Deliveries from one milestone to the next. */
  #spacing = 1;

  static restore({ floor, spacing, milestones, newest }: HistoryRecord): History {
    const history = new History();
    history.#floor = floor;
    history.#spacing = spacing;
    history.#milestones = [...milestones];
    history.#newest = newest;
    return history;
  }

  get record(): HistoryRecord {
    return {
      floor: this.#floor,
      spacing: this.#spacing,
      milestones: this.#milestones,
      newest: this.#newest,
    };
  }

  /** What is at or before this position is not given any more. */
  get floor(): Position {
    return this.#floor;
  }

  delivered(at: Position, orderedAt: number): void {
    const time = Math.max(orderedAt, this.#newest?.time ?? 0);
    const count = (this.#newest?.count ?? 0) + 1;
    this.#newest = { at, time, count };
    if (count - (this.#milestones.at(-1)?.count ?? 0) < this.#spacing) return;
    this.#milestones.push(this.#newest);
    if (this.#milestones.length <= milestonesMax) return;
    this.#milestones = this.#milestones.filter((_, index) => index % 2 === 1);
    this.#spacing *= 2;
  }

  /** The newest delivery that need not be kept; null when there is none to give up. */
  dispensable({ entries, since }: Kept): Position | null {
    const newest = this.#newest;
    if (newest === null) return null;
    let found: Position | null = null;
    for (const milestone of [...this.#milestones, newest]) {
      const isOver = entries !== undefined && newest.count - milestone.count >= entries;
      if (isOver || (since !== undefined && milestone.time < since)) found = milestone.at;
    }
    return found !== null && found.seq > this.#floor.seq ? found : null;
  }

  /**
   * Gives up what is at or before this delivery. It was known when the cut was proposed; since then it may
   * have been thinned out.
   */
  cut(upTo: Position): void {
    const { seq } = upTo;
    if (seq <= this.#floor.seq || seq > (this.#newest?.at.seq ?? 0)) return;
    this.#floor = upTo;
    this.#milestones = this.#milestones.filter(({ at }) => at.seq > seq);
    // Fine again, so that what comes now is known as well as it can be; it is thinned out as it grows.
    if (this.#milestones.length < milestonesMax / 2) this.#spacing = 1;
  }
}
