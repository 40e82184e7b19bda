/**
 * What a hostile cluster has put in order: the truth that its nodes see some of.
 *
 * Invariants: it keeps O1–O6 of the contract by construction, and uses the room they leave: `seq`
 * skips, several entries share a time, `members` come without need.
 */
import { ORIGIN, type Position } from '@choir/protocol';
import type { Incarnation, Ordered } from '../contract.ts';
import { samePosition } from '../position.ts';

export class HostileLog {
  readonly #entries: Ordered[] = [];
  #epoch = 0;
  #head: Position = ORIGIN;
  #floor: Position = ORIGIN;
  #time = 1_000_000;
  #skip = 0;

  get length(): number {
    return this.#entries.length;
  }

  get floor(): Position {
    return this.#floor;
  }

  entries(): readonly Ordered[] {
    return this.#entries;
  }

  /** Position of the entry before the `count`-th; where a reader stands who has read `count`. */
  positionAt(count: number): Position {
    return this.#entries[count - 1]?.at ?? ORIGIN;
  }

  passTime(byMs: number): void {
    this.#time += byMs;
  }

  /** From now on entries are of a later epoch, and `skip` positions are never used. */
  startEpoch(skip: number): void {
    this.#epoch += 1;
    this.#skip = skip;
  }

  appendEntry(source: Incarnation, n: number, bytes: Uint8Array): void {
    const { at, previous } = this.#next();
    this.#entries.push({ kind: 'entry', at, previous, time: this.#time, source, n, bytes });
  }

  appendMembers(nodes: readonly Incarnation[], gone: readonly Incarnation[]): void {
    const { at, previous } = this.#next();
    this.#entries.push({ kind: 'members', at, previous, time: this.#time, nodes, gone });
  }

  raiseFloor(to: Position): void {
    if (to.seq > this.#floor.seq) this.#floor = to;
  }

  /** How many entries a reader at `after` has behind it; null when no entry has that position. */
  countAt(after: Position): number | null {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.positionAt(middle + 1).seq <= after.seq) low = middle + 1;
      else high = middle;
    }
    return samePosition(this.positionAt(low), after) ? low : null;
  }

  #next(): { at: Position; previous: Position } {
    const previous = this.#head;
    this.#head = { epoch: this.#epoch, seq: previous.seq + 1 + this.#skip };
    this.#skip = 0;
    return { at: this.#head, previous };
  }
}
