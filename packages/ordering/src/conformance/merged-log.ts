/**
 * All that anybody has read, merged into one log by position: whether it can be one log (O2, O6),
 * and whether that log is in order (O3–O6).
 */
import { ORIGIN } from '@choir/protocol';
import type { Incarnation } from '../contract.ts';
import { renderPosition, samePosition } from '../position.ts';
import {
  type OrderingEvent,
  previousOf,
  type Read,
  type Submitted,
  type Violation,
} from './events.ts';

export type MergedLog = {
  /** Ascending by `seq`, each position once. */
  readonly entries: readonly Read[];
  readonly violations: readonly Violation[];
};

/** O2 and O6: at one position, one entry. */
export function mergeLog(trace: readonly OrderingEvent[]): MergedLog {
  const bySeq = new Map<number, Read>();
  const violations: Violation[] = [];
  for (const event of trace) {
    if (event.kind !== 'read') continue;
    const known = bySeq.get(event.seq);
    if (known === undefined) bySeq.set(event.seq, event);
    else if (!isSameEntry(known, event)) violations.push(differs(known, event));
  }
  const entries = [...bySeq.values()].sort((one, other) => one.seq - other.seq);
  return { entries, violations };
}

function differs(known: Read, event: Read): Violation {
  const rule = known.nodes !== undefined && event.nodes !== undefined ? 'O6' : 'O2';
  const who = `${known.node}/${known.reader} and ${event.node}/${event.reader}`;
  return { rule, what: `${who} read different entries at ${renderPosition(event)}` };
}

function isSameEntry(one: Read, other: Read): boolean {
  return (
    samePosition(one, other) &&
    samePosition(previousOf(one), previousOf(other)) &&
    one.time === other.time &&
    one.source === other.source &&
    one.n === other.n &&
    isSameBytes(one.bytes, other.bytes) &&
    String(one.nodes) === String(other.nodes) &&
    String(one.gone) === String(other.gone)
  );
}

export function isSameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** O2: epochs do not go back as `seq` goes on. O3: nor does time. */
export function checkSequence(entries: readonly Read[]): Violation[] {
  const violations: Violation[] = [];
  let last: Read | undefined;
  for (const entry of entries) {
    if (last !== undefined && entry.epoch < last.epoch) {
      violations.push({ rule: 'O2', what: `${pair(last, entry)}: the epoch goes back` });
    }
    if (last !== undefined && entry.time < last.time) {
      violations.push({ rule: 'O3', what: `${pair(last, entry)}: the time goes back` });
    }
    last = entry;
  }
  return violations;
}

/** O4: per source 1, 2, 3 … as submitted. O5: nothing after `gone`. O6: sources are members. */
export function checkSources(
  entries: readonly Read[],
  trace: readonly OrderingEvent[],
): Violation[] {
  const walk = new SourceWalk(queuedSubmissions(trace));
  for (const entry of entries) walk.visit(entry);
  return walk.violations;
}

type Queued = ReadonlyMap<Incarnation, ReadonlyMap<number, Uint8Array>>;

function queuedSubmissions(trace: readonly OrderingEvent[]): Queued {
  const queued = new Map<Incarnation, Map<number, Uint8Array>>();
  const isQueued = (event: OrderingEvent): event is Submitted =>
    event.kind === 'submitted' && event.result === 'queued';
  for (const { source, n, bytes } of trace.filter(isQueued)) {
    const ofSource = queued.get(source) ?? new Map<number, Uint8Array>();
    queued.set(source, ofSource.set(n, bytes));
  }
  return queued;
}

class SourceWalk {
  readonly violations: Violation[] = [];
  readonly #queued: Queued;
  readonly #lastN = new Map<Incarnation, number>();
  readonly #gone = new Set<Incarnation>();
  #nodes: readonly Incarnation[] | null = null;
  #end = ORIGIN;
  /** Everything from the origin to here is known. */
  #isWhole = true;

  constructor(queued: Queued) {
    this.#queued = queued;
  }

  visit(entry: Read): void {
    if (!samePosition(previousOf(entry), this.#end)) this.#passHole();
    this.#end = { epoch: entry.epoch, seq: entry.seq };
    if (entry.nodes !== undefined) this.#visitMembers(entry, entry.nodes, entry.gone ?? []);
    else if (entry.source !== undefined) this.#visitEntry(entry, entry.source, entry.n ?? 0);
  }

  /** Entries that nobody has read: what they did is unknown from here on. */
  #passHole(): void {
    this.#isWhole = false;
    this.#lastN.clear();
    this.#nodes = null;
  }

  #visitEntry(entry: Read, source: Incarnation, n: number): void {
    const at = `${renderPosition(entry)} (${source} ${n})`;
    const last = this.#lastN.get(source) ?? (this.#isWhole ? 0 : n - 1);
    if (n !== last + 1) this.#found('O4', `${at} follows ${source} ${last}`);
    this.#lastN.set(source, n);
    const bytes = this.#queued.get(source)?.get(n);
    if (bytes === undefined) this.#found('O4', `${at} was never submitted`);
    else if (!isSameBytes(bytes, entry.bytes)) this.#found('O4', `${at} is not what was submitted`);
    if (this.#gone.has(source)) this.#found('O5', `${at} comes after its source is gone`);
    else if (this.#nodes?.includes(source) === false) this.#found('O6', `${at} is of no member`);
  }

  #visitMembers(entry: Read, nodes: readonly Incarnation[], gone: readonly Incarnation[]): void {
    const at = renderPosition(entry);
    for (const source of gone) this.#gone.add(source);
    for (const node of nodes) {
      if (this.#gone.has(node)) this.#found('O6', `${at} has ${node} as a member, who is gone`);
    }
    this.#nodes = nodes;
  }

  #found(rule: Violation['rule'], what: string): void {
    this.violations.push({ rule, what });
  }
}

function pair(one: Read, other: Read): string {
  return `${renderPosition(one)} and ${renderPosition(other)}`;
}
