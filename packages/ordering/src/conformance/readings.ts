/**
 * What each reader has read, step by step: nothing uncommitted, nothing that is later taken back
 * (O1), no hole without being told (O2, O9).
 */
import { ORIGIN, type Position } from '@choir/protocol';
import { renderPosition, samePosition } from '../position.ts';
import {
  finalReader,
  type Gap,
  type Kept,
  type OrderingEvent,
  positionOf,
  previousOf,
  type Read,
  type Rule,
  type Violation,
} from './events.ts';
import { isSameBytes } from './merged-log.ts';

export function checkReadings(trace: readonly OrderingEvent[]): Violation[] {
  const walk = new ReadingWalk();
  for (const event of trace) walk.visit(event);
  return walk.violations;
}

class ReadingWalk {
  readonly violations: Violation[] = [];
  /** Where each reader stands, by node and reader. */
  readonly #cursors = new Map<string, Position>();
  readonly #kept = new Map<number, Uint8Array>();
  #committed = Number.POSITIVE_INFINITY;

  visit(event: OrderingEvent): void {
    switch (event.kind) {
      case 'committed':
        this.#committed = event.seq;
        return;
      case 'placed':
        this.#cursors.set(`${event.node}/${event.reader}`, positionOf(event));
        return;
      case 'read':
        this.#visitRead(event);
        return;
      case 'gap':
        this.#visitGap(event);
        return;
      case 'kept':
        this.#kept.set(event.seq, event.bytes);
        return;
      case 'restored':
        this.#visitRestored(event);
        return;
    }
  }

  #visitRead(event: Read): void {
    const who = `${event.node}/${event.reader}`;
    const at = renderPosition(event);
    const cursor = this.#cursors.get(who) ?? ORIGIN;
    const previous = previousOf(event);
    if (event.seq > this.#committed) this.#found('O1', `${who} read ${at} before its commit`);
    if (event.seq <= cursor.seq) {
      this.#found('O2', `${who} read ${at} after ${renderPosition(cursor)}`);
    } else if (!samePosition(previous, cursor)) {
      const hole = `which follows ${renderPosition(previous)}, after ${renderPosition(cursor)}`;
      this.#found('O9', `${who} read ${at}, ${hole}`);
    }
    this.#cursors.set(who, positionOf(event));
  }

  #visitGap(event: Gap): void {
    const who = `${event.node}/${event.reader}`;
    const cursor = this.#cursors.get(who) ?? ORIGIN;
    if (event.floorSeq > cursor.seq) return;
    const at = renderPosition(cursor);
    this.#found('O9', `${who} was told of a gap at ${at}, above the floor at ${event.floorSeq}`);
  }

  #visitRestored({ node, epoch, seq, bytes }: Kept): void {
    if (isSameBytes(this.#kept.get(seq), bytes)) return;
    this.#found('O9', `${node} was given a snapshot at ${epoch}:${seq} that nobody has kept`);
  }

  #found(rule: Rule, what: string): void {
    this.violations.push({ rule, what });
  }
}

/** O1: what anybody has read is still there when a node reads everything at the end. */
export function checkNothingRetracted(
  entries: readonly Read[],
  trace: readonly OrderingEvent[],
): Violation[] {
  const violations: Violation[] = [];
  for (const [node, final] of finalReadings(trace)) {
    for (const entry of entries) {
      if (entry.seq <= final.from || final.seqs.has(entry.seq)) continue;
      const at = renderPosition(entry);
      violations.push({ rule: 'O1', what: `${at}, read by ${entry.node}, is gone at ${node}` });
    }
  }
  return violations;
}

type FinalReading = { from: number; readonly seqs: Set<number> };

/** By node, for those that settled. */
function finalReadings(trace: readonly OrderingEvent[]): Map<string, FinalReading> {
  const readings = new Map<string, FinalReading>();
  const settled = new Set<string>();
  for (const event of trace) {
    if (event.kind === 'settled') settled.add(event.node);
    if (event.kind === 'placed' && event.reader === finalReader) {
      readings.set(event.node, { from: event.seq, seqs: new Set() });
    }
    if (event.kind === 'read' && event.reader === finalReader) {
      readings.get(event.node)?.seqs.add(event.seq);
    }
  }
  for (const node of readings.keys()) if (!settled.has(node)) readings.delete(node);
  return readings;
}
