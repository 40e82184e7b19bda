/**
 * One replica: the groups service under the ordering of one life of one node, fed as a host feeds it. What it
 * returns at each position, and what its snapshots hold, is compared with what the first replica had.
 */
import { type Effect, GroupsService } from '@choir/groups';
import type { HostileNode } from '@choir/ordering/hostile';
import { ORIGIN, type Position } from '@choir/protocol';
import { fingerprint, type Random } from '@choir/testkit';

/** What is true of every replica, by position: the first to be there says it. */
export class Truth {
  readonly #effects = new Map<number, string>();
  readonly #snapshots = new Map<number, string>();
  readonly differences: string[] = [];

  effects(seq: number, node: string, text: string): void {
    this.#compare(this.#effects, seq, `${node} at ${seq} returns`, text);
  }

  snapshot(seq: number, node: string, bytes: Uint8Array): void {
    this.#compare(this.#snapshots, seq, `${node} at ${seq} holds`, fingerprint(bytes));
  }

  get positions(): number {
    return this.#effects.size;
  }

  #compare(known: Map<number, string>, seq: number, what: string, text: string): void {
    const first = known.get(seq);
    if (first === undefined) known.set(seq, text);
    else if (first !== text) this.differences.push(`${what} ${text}, another had ${first}`);
  }
}

export type ReplicaParts = {
  readonly node: HostileNode;
  readonly truth: Truth;
  readonly random: Random;
  readonly returned: (effect: Effect, at: Position) => void;
};

const readBytes = 2_000;
const snapshotShare = 0.03;

export class Replica {
  readonly #parts: ReplicaParts;
  #service = new GroupsService();
  #head: Position = ORIGIN;
  #submitted = 0;

  constructor(parts: ReplicaParts) {
    this.#parts = parts;
    this.#restore();
  }

  get node(): HostileNode {
    return this.#parts.node;
  }

  submit(bytes: Uint8Array): void {
    const result = this.node.submit(this.#submitted + 1, bytes);
    if (result === 'queued') this.#submitted += 1;
  }

  /** Applies everything that can be read now. */
  catchUp(): void {
    for (;;) {
      const result = this.node.read(this.#head, readBytes);
      if (result.kind === 'wait') return;
      if (result.kind === 'gap') {
        if (!this.#restore()) return;
        continue;
      }
      for (const ordered of result.entries) {
        const effects = this.#service.apply(ordered);
        this.#head = ordered.at;
        this.#parts.truth.effects(ordered.at.seq, this.node.incarnation, textOf(effects));
        for (const effect of effects) this.#parts.returned(effect, ordered.at);
        if (this.#parts.random.chance(snapshotShare)) this.keep();
      }
    }
  }

  /** Hands over its state; it must be the same at every replica, and come back as it was. */
  keep(): void {
    if (this.#head.seq === 0) return;
    const { truth } = this.#parts;
    const bytes = this.#service.snapshot();
    truth.snapshot(this.#head.seq, this.node.incarnation, bytes);
    const again = GroupsService.restore(bytes)?.snapshot() ?? new Uint8Array();
    truth.snapshot(this.#head.seq, `${this.node.incarnation}, restored,`, again);
    this.node.keep({ at: this.#head, bytes });
  }

  /** Goes on from the newest snapshot, if that is ahead. */
  #restore(): boolean {
    const snapshot = this.node.snapshot();
    if (snapshot === null || snapshot.at.seq <= this.#head.seq) return false;
    const service = GroupsService.restore(snapshot.bytes);
    if (service === null) throw new Error(`The snapshot at ${snapshot.at.seq} cannot be restored.`);
    this.#service = service;
    this.#head = snapshot.at;
    return true;
  }
}

/** Everything in order, bytes as numbers: equal texts, equal effects. */
function textOf(effects: readonly Effect[]): string {
  return JSON.stringify(effects, (_, value: unknown) =>
    value instanceof Uint8Array ? fingerprint(value) : value,
  );
}
