/**
 * An ordering that is as hostile as its contract allows, for testing what stands on it: it delays,
 * cuts batches anywhere, interleaves sources, leaves submissions in doubt, changes members in the
 * middle, lets nodes fall behind the floor, and says `full` for no reason.
 *
 * Boundary: pure; all luck is passed in, and time stands still between calls of `step`.
 *
 * Invariants: O1–O9 of the contract; the conformance suite runs on it. In particular
 * H1 Of what an ended life had submitted, a prefix is ordered, and nothing after its `gone`.
 * H2 Nothing is ordered while fewer than a majority of the nodes are up and connected.
 * H3 After `settle` every node that is up has everything, and nothing waits.
 */
import { ORIGIN, type Position } from '@choir/protocol';
import { type Chance, pickFrom } from '../chance.ts';
import type { Incarnation, Ordered, Snapshot } from '../contract.ts';
import { HostileLog } from './hostile-log.ts';
import { HostileNode } from './hostile-node.ts';

/** What a step may do, and how often relative to the others; zero is never. */
export type Temper = {
  /** Some submissions of one node are ordered. */
  readonly order: number;
  /** A node receives what has been ordered, or some of it. */
  readonly reveal: number;
  /** A node is cut off from the others. */
  readonly cut: number;
  /** A node that was cut off is connected again. */
  readonly mend: number;
  /** The others give up a node that is cut off; it learns of it when it is mended. */
  readonly expel: number;
  /** A `members` entry, perhaps a new epoch, without anybody coming or going. */
  readonly rename: number;
  /** The floor rises as far as a majority's snapshots allow, or less. */
  readonly trim: number;
  /** A node begins or stops to say `full`. */
  readonly refuse: number;
};

export const defaultTemper: Temper = {
  order: 40,
  reveal: 50,
  cut: 2,
  mend: 4,
  expel: 1,
  rename: 1,
  trim: 2,
  refuse: 2,
};

export type HostileOptions = {
  readonly nodes: readonly string[];
  readonly luck: Chance;
  readonly temper?: Temper;
};

const orderedAtOnceMax = 8;
const skipMax = 3;

export class HostileCluster {
  readonly #names: readonly string[];
  readonly #luck: Chance;
  readonly #log = new HostileLog();
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #temper: Temper;
  /** The present life of each node that is up. */
  readonly #lives = new Map<string, HostileNode>();
  /** The newest life of each node, also when it has ended. */
  readonly #newest = new Map<string, HostileNode>();
  /** Given up or dead, and not in any `gone` yet: what is in transit may still be ordered (H1). */
  readonly #doubtful = new Set<HostileNode>();
  /** The nodes of the last `members` entry, and where in the log each has joined. */
  readonly #members = new Map<HostileNode, number>();

  constructor({ nodes, luck, temper }: HostileOptions) {
    this.#names = nodes;
    this.#luck = luck;
    this.#temper = temper ?? defaultTemper;
    for (const name of nodes) this.start(name);
    this.#log.startEpoch(0);
    this.#changeMembers();
  }

  /** The present life; null while the node is down. */
  node(name: string): HostileNode | null {
    return this.#lives.get(name) ?? null;
  }

  /** The whole log, also what no node has yet. */
  log(): readonly Ordered[] {
    return this.#log.entries();
  }

  /** What a majority of the nodes has snapshots of: the floor is never above it (O7). */
  get covered(): Position {
    const kept = this.#names.map((name) => this.#snapshots.get(name)?.at ?? ORIGIN);
    kept.sort((one, other) => other.seq - one.seq);
    return kept[this.#majority - 1] ?? ORIGIN;
  }

  /** Begins a new life, which ends the one before. It has some of the log that node had, or none. */
  start(name: string): HostileNode {
    this.end(name);
    const before = this.#newest.get(name);
    const around = { log: this.#log, luck: this.#luck, snapshots: this.#snapshots };
    const node = new HostileNode({ name, number: (before?.number ?? 0) + 1 }, around);
    node.seen = this.#luck.int(0, before?.seen ?? 0);
    node.floor = before?.floor ?? ORIGIN;
    this.#newest.set(name, node);
    this.#lives.set(name, node);
    return node;
  }

  /** Ends a life; what it submitted is in doubt until it is in `gone`. */
  end(name: string): void {
    const node = this.#lives.get(name);
    if (node === undefined) return;
    this.#lives.delete(name);
    this.#loseTouch(node);
    node.state = 'ended';
    if (this.#members.has(node)) this.#doubtful.add(node);
  }

  /** Something happens. */
  step(): void {
    this.#log.passTime(this.#luck.int(0, 3));
    this.#act(this.#drawAct());
    // Joining takes its time: the `members` entry comes in the middle of the traffic.
    if (this.#isChangeDue() && this.#luck.chance(0.3)) this.#changeMembers();
  }

  /** All that are up are connected, and everything that can happen has happened (H3, O8). */
  settle(): void {
    for (const node of this.#lives.values()) {
      this.#mend(node);
      node.refusing = false;
    }
    if (this.#isChangeDue()) this.#changeMembers();
    for (const node of this.#lives.values()) this.#order(node, node.queue.length);
    for (const node of this.#lives.values()) this.#reveal(node, this.#log.length);
  }

  get #majority(): number {
    return Math.floor(this.#names.length / 2) + 1;
  }

  /** H2. */
  get #hasQuorum(): boolean {
    let count = 0;
    for (const node of this.#lives.values()) if (this.#isInTouch(node)) count += 1;
    return count >= this.#majority;
  }

  #isInTouch(node: HostileNode): boolean {
    return node.connected && !node.givenUp;
  }

  #drawAct(): keyof Temper {
    const acts = Object.entries(this.#temper) as [keyof Temper, number][];
    let rest = this.#luck.int(
      1,
      acts.reduce((sum, [, weight]) => sum + weight, 0),
    );
    for (const [act, weight] of acts) {
      rest -= weight;
      if (rest <= 0) return act;
    }
    return 'order';
  }

  #act(act: keyof Temper): void {
    const node = pickFrom(this.#luck, [...this.#lives.values()]);
    if (node === undefined) return;
    switch (act) {
      case 'order': {
        const source = pickFrom(this.#luck, [...this.#members.keys()]) ?? node;
        this.#order(source, this.#luck.int(1, orderedAtOnceMax));
        return;
      }
      case 'reveal':
        this.#reveal(node, this.#luck.int(node.seen, this.#log.length));
        return;
      case 'cut':
        this.#loseTouch(node);
        return;
      case 'mend':
        this.#mend(node);
        return;
      case 'expel':
        this.#expel(node);
        return;
      case 'rename':
        this.#changeMembers();
        return;
      case 'trim':
        this.#trim();
        return;
      case 'refuse':
        node.refusing = !node.refusing;
    }
  }

  /** Orders up to `most` of what has left the node. */
  #order(node: HostileNode, most: number): void {
    if (!this.#members.has(node) || !this.#hasQuorum) return;
    const left = node.connected && node.state !== 'ended' ? node.queue.length : node.inTransit;
    for (const { n, bytes } of node.queue.splice(0, Math.min(most, left))) {
      this.#log.appendEntry(node.incarnation, n, bytes);
      node.inTransit -= 1;
    }
  }

  /** The node has the first `count` entries; what is below the floor, as a snapshot. */
  #reveal(node: HostileNode, count: number): void {
    if (!node.connected) return;
    const floor = this.#log.countAt(this.#log.floor) ?? 0;
    if (node.seen < floor || this.#luck.chance(0.5)) node.floor = this.#log.floor;
    node.seen = Math.max(node.seen, floor, Math.min(count, this.#log.length));
    const joined = this.#members.get(node);
    if (node.state === 'joining' && joined !== undefined && joined < node.seen) {
      node.state = 'member';
    }
  }

  #loseTouch(node: HostileNode): void {
    if (!node.connected) return;
    node.connected = false;
    node.inTransit = this.#luck.int(0, node.queue.length);
  }

  /** A node that was given up learns of it now. */
  #mend(node: HostileNode): void {
    node.connected = true;
    if (node.givenUp) node.state = 'ended';
  }

  /** The others give up a member that they do not hear. */
  #expel(node: HostileNode): void {
    if (node.connected || !this.#members.has(node)) return;
    node.givenUp = true;
    this.#doubtful.add(node);
  }

  /** Somebody has come or gone who is not in a `members` entry yet. */
  #isChangeDue(): boolean {
    return this.#doubtful.size > 0 || this.#joining().length > 0;
  }

  #joining(): HostileNode[] {
    return [...this.#lives.values()].filter(
      (node) => node.connected && node.state === 'joining' && !this.#members.has(node),
    );
  }

  #changeMembers(): void {
    if (!this.#hasQuorum) return;
    const gone = [...this.#doubtful];
    this.#doubtful.clear();
    for (const node of gone) this.#members.delete(node);
    for (const node of this.#joining()) this.#members.set(node, this.#log.length);
    if (this.#luck.chance(0.5)) this.#log.startEpoch(this.#luck.int(0, skipMax));
    this.#log.appendMembers([...this.#members.keys()].map(nameOfLife), gone.map(nameOfLife));
  }

  #trim(): void {
    const least = this.#log.countAt(this.#log.floor) ?? 0;
    const most = this.#log.countAt(this.covered) ?? least;
    this.#log.raiseFloor(this.#log.positionAt(this.#luck.int(least, Math.max(least, most))));
  }
}

function nameOfLife(node: HostileNode): Incarnation {
  return node.incarnation;
}
