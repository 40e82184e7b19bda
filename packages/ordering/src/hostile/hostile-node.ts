/**
 * One life of one node of a hostile cluster, as its host sees it.
 *
 * Boundary: what happens to it (`seen`, `state`, what is ordered of its queue) is the cluster's
 * doing; this file only answers the host.
 */
import { ORIGIN, type Position } from '@choir/protocol';
import type { Chance } from '../chance.ts';
import type {
  Incarnation,
  Ordered,
  Ordering,
  OrderingStatus,
  ReadResult,
  Snapshot,
  SubmitResult,
} from '../contract.ts';
import type { HostileLog } from './hostile-log.ts';

export type Submission = { readonly n: number; readonly bytes: Uint8Array };

/** Submissions a node takes before it says `full`. */
const queueMax = 64;

export type LifeState =
  /** It has not seen a `members` entry with itself in it. */
  | 'joining'
  | 'member'
  /** It crashed, or has learnt that the others gave it up. */
  | 'ended';

export type HostileSurroundings = {
  readonly log: HostileLog;
  readonly luck: Chance;
  /** By node name: a node's snapshots outlive its lives. */
  readonly snapshots: Map<string, Snapshot>;
};

export class HostileNode implements Ordering {
  readonly incarnation: Incarnation;
  /** Which of the node's lives this is: 1, 2, 3 … */
  readonly number: number;
  readonly queue: Submission[] = [];
  /** How many of the queue have left the node; while it is connected, all have. */
  inTransit = 0;
  state: LifeState = 'joining';
  /** False while the others do not hear it, nor it them. */
  connected = true;
  /** It says `full` to everything. */
  refusing = false;
  /** The others go on without it, whether it knows or not. */
  givenUp = false;
  /** How many entries of the log it has, and below what it has only snapshots. */
  seen = 0;
  floor: Position = ORIGIN;
  readonly #name: string;
  readonly #around: HostileSurroundings;
  #submitted = 0;

  constructor(life: { name: string; number: number }, around: HostileSurroundings) {
    this.#name = life.name;
    this.number = life.number;
    this.incarnation = `${life.name}.${life.number}`;
    this.#around = around;
  }

  submit(n: number, bytes: Uint8Array): SubmitResult {
    if (n !== this.#submitted + 1) throw new RangeError(`submission ${n} after ${this.#submitted}`);
    if (this.state === 'ended') return 'closed';
    if (this.state === 'joining' || this.refusing || this.queue.length >= queueMax) return 'full';
    this.queue.push({ n, bytes });
    this.#submitted = n;
    return 'queued';
  }

  /** Cuts its answers at random places, so that hosts meet every batch size. */
  read(after: Position, maxBytes: number): ReadResult {
    const { log, luck } = this.#around;
    const from = log.countAt(after);
    if (from === null || after.seq < this.floor.seq) return { kind: 'gap', floor: this.floor };
    if (from >= this.seen) return { kind: 'wait' };
    const all = log.entries();
    const entries: Ordered[] = [];
    let bytes = 0;
    for (let index = from; index < this.seen; index += 1) {
      const ordered = all[index];
      if (ordered === undefined) break;
      bytes += ordered.kind === 'entry' ? ordered.bytes.length : 0;
      if (entries.length > 0 && (bytes > maxBytes || luck.chance(0.2))) break;
      entries.push(ordered);
    }
    return { kind: 'entries', entries };
  }

  status(): OrderingStatus {
    const { log } = this.#around;
    const why = this.#whyNot();
    return { writable: why === '', why, floor: this.floor, head: log.positionAt(this.seen) };
  }

  keep(snapshot: Snapshot): void {
    const { log, snapshots } = this.#around;
    if (log.countAt(snapshot.at) === null) throw new RangeError('a snapshot of no position');
    const kept = snapshots.get(this.#name);
    if (kept === undefined || snapshot.at.seq > kept.at.seq) snapshots.set(this.#name, snapshot);
  }

  /** The newest of any node: what a state transfer would bring. */
  snapshot(): Snapshot | null {
    let newest: Snapshot | null = null;
    for (const snapshot of this.#around.snapshots.values()) {
      if (newest === null || snapshot.at.seq > newest.at.seq) newest = snapshot;
    }
    return newest;
  }

  #whyNot(): string {
    if (this.state === 'ended') return 'The others go on without this node.';
    if (this.state === 'joining') return 'This node is joining.';
    return this.connected ? '' : 'This node does not reach a majority.';
  }
}
