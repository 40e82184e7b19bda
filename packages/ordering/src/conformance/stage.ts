/**
 * The stage on which the cases play: it acts on an ordering as hosts do, and writes down what is
 * seen.
 *
 * A case is a script: a generator that acts through the stage and yields what must happen outside
 * of it. The driver performs each step, at once in a simulation, or waiting for real disks, and
 * then goes on; so the suite is pure and runs on both.
 */
import { Writer } from '@choir/bytes';
import { ORIGIN, type Position } from '@choir/protocol';
import { type Chance, pickFrom } from '../chance.ts';
import type { Incarnation, Ordered, Ordering, ReadResult, SubmitResult } from '../contract.ts';
import { samePosition } from '../position.ts';
import { finalReader, type OrderingEvent, type Read, type Rule, type Violation } from './events.ts';

/** What the driver is to do before the script goes on. */
export type Step =
  /** The system works for a while; faults may strike. */
  | { readonly kind: 'work' }
  /** All faults end, all nodes are up, and the system works until nothing moves. */
  | { readonly kind: 'settle' }
  /** The life at a node ends without a word, or in order; or a new one begins. */
  | { readonly kind: 'crash'; readonly node: string }
  | { readonly kind: 'close'; readonly node: string }
  | { readonly kind: 'start'; readonly node: string }
  /** The wall clock at a node is set. */
  | { readonly kind: 'set clock'; readonly node: string; readonly byMs: number };

export type Script = Generator<Step, void, void>;

/** The system under test, as far as a script may look at it. */
export interface Subject {
  readonly nodes: readonly string[];
  /** The present life of a node; null while it is down or starting. */
  life(node: string): { readonly incarnation: Incarnation; readonly ordering: Ordering } | null;
  /** Up to which `seq` everything is committed, by the system's own word. */
  committed(): number;
  now(): number;
}

/** How often a reader that waits lets the system work before it gives up. */
const patience = 100;
/** Reads in a row, more than any log of these cases has entries; a broken ordering may never end. */
const readsMax = 50_000;
const payloadBytesMax = 40;
/** Asked of each read of the last readers. */
const finalBytes = 64 * 1024;

export class Stage {
  readonly trace: OrderingEvent[] = [];
  /** What a script itself found, beside what the checkers will. */
  readonly violations: Violation[] = [];
  readonly luck: Chance;
  readonly #subject: Subject;
  /** The last number of each life that was taken. */
  readonly #submitted = new Map<Incarnation, number>();
  /** Where each reader stands, by node and reader. */
  readonly #cursors = new Map<string, Position>();

  constructor(subject: Subject, luck: Chance) {
    this.#subject = subject;
    this.luck = luck;
  }

  get nodes(): readonly string[] {
    return this.#subject.nodes;
  }

  found(rule: Rule, what: string): void {
    this.violations.push({ rule, what });
  }

  anyNode(): string {
    return pickFrom(this.luck, this.nodes) ?? '';
  }

  /** Hands over the next submission at a node; null while the node is down. */
  submit(node: string): SubmitResult | null {
    const life = this.#subject.life(node);
    if (life === null) return null;
    const source = life.incarnation;
    const n = (this.#submitted.get(source) ?? 0) + 1;
    const bytes = this.#payload(source, n);
    const result = life.ordering.submit(n, bytes);
    if (result === 'queued') this.#submitted.set(source, n);
    this.#note({ t: this.#subject.now(), node, kind: 'submitted', source, n, result, bytes });
    return result;
  }

  /** Puts a reader at the beginning of the log. */
  place(node: string, reader: string, at: Position = ORIGIN): void {
    this.#cursors.set(`${node}/${reader}`, at);
    this.#note({ t: this.#subject.now(), node, kind: 'placed', reader, ...at });
  }

  /** One read by a reader, which is placed at the beginning if it is new. Returns what came. */
  read(node: string, reader: string, maxBytes = 1_000): ReadResult['kind'] {
    const ordering = this.#subject.life(node)?.ordering;
    if (ordering === undefined) return 'wait';
    const who = `${node}/${reader}`;
    if (!this.#cursors.has(who)) this.place(node, reader);
    const result = ordering.read(this.#cursors.get(who) ?? ORIGIN, maxBytes);
    this.#look(node);
    if (result.kind === 'entries') this.#noteEntries(node, reader, result.entries);
    if (result.kind === 'gap') this.#crossGap(node, reader, result.floor);
    return result.kind;
  }

  /** The state of a host that has read up to where a reader stands. */
  keep(node: string, reader: string): void {
    const at = this.#cursors.get(`${node}/${reader}`) ?? ORIGIN;
    const ordering = this.#subject.life(node)?.ordering;
    if (ordering === undefined || at.seq === 0 || at.seq > ordering.status().head.seq) return;
    const bytes = stateAt(at);
    ordering.keep({ at, bytes });
    this.#note({ t: this.#subject.now(), node, kind: 'kept', ...at, bytes });
  }

  /** Every script's end: all settles, and at each node a last reader reads everything. */
  *finish(): Script {
    yield { kind: 'settle' };
    for (const node of this.nodes) {
      this.place(node, finalReader);
      for (let turn = 0; turn < patience && !this.#isAtHead(node, finalReader); turn += 1) {
        this.readOn(node, finalReader, finalBytes);
        yield { kind: 'settle' };
      }
      if (!this.#isAtHead(node, finalReader)) this.found('O9', `${node} gives no more of its log`);
      const source = this.#subject.life(node)?.incarnation;
      if (source === undefined) throw new Error(`${node} is down after everything settled`);
      this.#note({ t: this.#subject.now(), node, kind: 'settled', source });
    }
  }

  /** Reads as long as entries come, across a gap if one is told. */
  readOn(node: string, reader: string, maxBytes?: number): void {
    let last: ReadResult['kind'] = 'entries';
    for (let turn = 0; turn < readsMax; turn += 1) {
      const kind = this.read(node, reader, maxBytes);
      if (kind === 'wait' || (kind === last && kind === 'gap')) return;
      last = kind;
    }
  }

  /** Reads until there is nothing more, or the node is in no state to give it. */
  *readAll(node: string, reader: string): Script {
    for (let turn = 0; turn < patience; turn += 1) {
      this.readOn(node, reader);
      if (this.#isAtHead(node, reader)) return;
      yield { kind: 'work' };
    }
  }

  #isAtHead(node: string, reader: string): boolean {
    const head = this.#subject.life(node)?.ordering.status().head ?? ORIGIN;
    return samePosition(head, this.#cursors.get(`${node}/${reader}`) ?? ORIGIN);
  }

  #payload(name: string, n: number): Uint8Array {
    const writer = new Writer();
    writer.text(name);
    writer.natural(n);
    for (let more = this.luck.int(0, payloadBytesMax); more > 0; more -= 1) {
      writer.u8(this.luck.int(0, 255));
    }
    return writer.take();
  }

  #look(node: string): void {
    const t = this.#subject.now();
    this.#note({ t, node, kind: 'committed', seq: this.#subject.committed() });
    const status = this.#subject.life(node)?.ordering.status();
    if (status === undefined) return;
    const { writable, why, floor, head } = status;
    const seqs = { floorSeq: floor.seq, headSeq: head.seq };
    this.#note({ t, node, kind: 'status', writable, why, ...seqs });
  }

  #noteEntries(node: string, reader: string, entries: readonly Ordered[]): void {
    for (const ordered of entries) {
      this.#note(readEvent({ t: this.#subject.now(), node, kind: 'read', reader }, ordered));
      this.#cursors.set(`${node}/${reader}`, ordered.at);
    }
  }

  #crossGap(node: string, reader: string, floor: Position): void {
    const t = this.#subject.now();
    this.#note({ t, node, kind: 'gap', reader, floorSeq: floor.seq });
    const snapshot = this.#subject.life(node)?.ordering.snapshot() ?? null;
    if (snapshot === null) return;
    this.#note({ t, node, kind: 'restored', ...snapshot.at, bytes: snapshot.bytes });
    this.place(node, reader, snapshot.at);
  }

  #note(event: OrderingEvent): void {
    this.trace.push(event);
  }
}

/** What a host would have made of everything up to there: the same at every node. */
function stateAt(at: Position): Uint8Array {
  const writer = new Writer();
  writer.text('state');
  writer.natural(at.epoch);
  writer.natural(at.seq);
  return writer.take();
}

function readEvent(seen: Pick<Read, 't' | 'node' | 'kind' | 'reader'>, ordered: Ordered): Read {
  const { at, previous, time } = ordered;
  const place = { ...at, previousEpoch: previous.epoch, previousSeq: previous.seq, time };
  if (ordered.kind === 'members') {
    return { ...seen, ...place, nodes: ordered.nodes, gone: ordered.gone };
  }
  return { ...seen, ...place, source: ordered.source, n: ordered.n, bytes: ordered.bytes };
}
