/**
 * The total order (paper 6): messages of all sources, merged by (timestamp, source).
 *
 * T2 `next` gives a message when no member can still send one that belongs before it.
 * T3 `ack` is a timestamp up to which everything of every member was received and ordered.
 * T6 A change of membership waits until every member has spoken at or past it; a lookahead is not enough.
 *
 * Boundary: the membership is told from above, at the place of the order where it changes.
 */
import type { ProcessorId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import type { Mark } from '../wire/index.ts';
import { changesMembership } from './delivery.ts';
import { Lane } from './lane.ts';

export class Order {
  readonly #self: ProcessorId;
  readonly #lanes = new Map<ProcessorId, Lane>();
  /** The lanes in the order of their sources. */
  #sorted: readonly Lane[] = [];
  #members: readonly Lane[] = [];
  #memberIds: readonly ProcessorId[] = [];
  #last = 0;

  constructor(self: ProcessorId) {
    this.#self = self;
  }

  /** The membership at the place that the order has come to, oldest first. */
  get members(): readonly ProcessorId[] {
    return this.#memberIds;
  }

  /** The timestamp of the message ordered last. */
  get last(): number {
    return this.#last;
  }

  setMembers(members: readonly ProcessorId[]): void {
    this.#memberIds = members;
    this.#members = members
      .filter((id) => id !== this.#self)
      .map((id) => this.lane(id) ?? this.open(id, 0));
  }

  lane(source: ProcessorId): Lane | undefined {
    return this.#lanes.get(source);
  }

  /** @param heard everything of this source up to this timestamp is known, or not wanted */
  open(source: ProcessorId, heard: number): Lane {
    const known = this.#lanes.get(source);
    if (known !== undefined) return known;
    const lane = new Lane(source, heard);
    this.#lanes.set(source, lane);
    this.#sort();
    return lane;
  }

  close(source: ProcessorId): void {
    this.#lanes.delete(source);
    this.#sort();
  }

  /** The next message in the order; undefined while some member may still send one before it. */
  next(): Held | undefined {
    const lane = this.#firstLane();
    const first = lane?.waiting.first;
    if (lane === undefined || first === undefined) return undefined;
    for (const member of this.#members) if (member.heard < first.timestamp) return undefined;
    if (changesMembership(first) && !this.#haveSpoken(first.timestamp)) return undefined;
    return this.#take(lane);
  }

  /** The next message, whoever has not been heard: for what is left when a configuration has ended. */
  force(belongs: (held: Held) => boolean): Held | undefined {
    let found: Lane | undefined;
    for (const lane of this.#sorted) {
      const { first } = lane.waiting;
      if (first === undefined || !belongs(first)) continue;
      if (found?.waiting.first === undefined || first.timestamp < found.waiting.first.timestamp)
        found = lane;
    }
    return found === undefined ? undefined : this.#take(found);
  }

  /** For each source, the number of its message that was ordered last. */
  ordered(): readonly Mark[] {
    return this.#sorted.map(({ source, ordered: sequence }) => ({ source, sequence }));
  }

  /** @param latest the clock: everything that this processor itself sent is at or below it */
  ack(latest: number): number {
    let ack = latest;
    for (const { heard } of this.#members) if (heard < ack) ack = heard;
    const first = this.#firstLane()?.waiting.first;
    return first !== undefined && first.timestamp <= ack ? first.timestamp - 1 : ack;
  }

  /** What all members have acknowledged, as far as this processor has heard. */
  acknowledged(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { ack } of this.#members) if (ack < least) least = ack;
    return least;
  }

  #take(lane: Lane): Held | undefined {
    const held = lane.waiting.shift();
    if (held === undefined) return undefined;
    this.#last = held.timestamp;
    lane.ordered = held.sequence;
    return held;
  }

  /** Sources are in the order of their ids, so of equal timestamps the lower source is found first. */
  #firstLane(): Lane | undefined {
    let found: Lane | undefined;
    for (const lane of this.#sorted) {
      const { first } = lane.waiting;
      if (first === undefined) continue;
      if (found?.waiting.first === undefined || first.timestamp < found.waiting.first.timestamp)
        found = lane;
    }
    return found;
  }

  /** Whether all members sent something at or past this timestamp. */
  #haveSpoken(timestamp: number): boolean {
    return this.#members.every(({ spoken }) => spoken >= timestamp);
  }

  #sort(): void {
    this.#sorted = [...this.#lanes.values()].sort((one, other) => one.source - other.source);
  }
}
