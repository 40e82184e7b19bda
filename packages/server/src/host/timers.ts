/**
 * Armed proposals (paper §5, §6; DESIGN, "Timers"): when a duration is over, the host proposes the
 * command, and the service decides whether it still means anything. Nothing is ever disarmed.
 *
 * R1 One proposal per subject: arming again replaces, since the older names an absence that is over.
 * R2 A proposal stays until it was submitted.
 */
import type { Proposal, Timer } from '@choir/groups';

type Armed = { readonly dueAt: number; readonly key: string; readonly proposal: Proposal };

/** Replaced entries in the heap that are tolerated before it is rebuilt. */
const staleMax = 1_024;

export class Timers {
  /** A binary heap by `dueAt`: the parent of `i` is `(i - 1) >> 1`. */
  #heap: Armed[] = [];
  readonly #current = new Map<string, Armed>();

  /** When the next proposal is due; null when none is armed. */
  get nextDue(): number | null {
    return this.#first()?.dueAt ?? null;
  }

  arm({ durationMs, proposal }: Timer, now: number): void {
    const key = subjectOf(proposal);
    const armed = { dueAt: now + durationMs, key, proposal };
    this.#current.set(key, armed);
    this.#rise(armed);
    if (this.#heap.length - this.#current.size > staleMax) this.#rebuild();
  }

  /** A proposal that is due, left where it is until `done`. */
  due(now: number): Proposal | null {
    const first = this.#first();
    return first !== undefined && first.dueAt <= now ? first.proposal : null;
  }

  /** The proposal that `due` told was submitted. */
  done(): void {
    const first = this.#first();
    if (first === undefined) return;
    this.#current.delete(first.key);
    this.#dropFirst();
  }

  #first(): Armed | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || this.#current.get(first.key) === first) return first;
      this.#dropFirst();
    }
  }

  #rebuild(): void {
    const armed = [...this.#current.values()];
    this.#heap = [];
    for (const each of armed) this.#rise(each);
  }

  #rise(armed: Armed): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Armed;
      if (parent.dueAt <= armed.dueAt) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = armed;
  }

  #dropFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      const right = heap[below + 1];
      if (right !== undefined && right.dueAt < (heap[below] as Armed).dueAt) below += 1;
      const child = heap[below] as Armed;
      if (last.dueAt <= child.dueAt) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = last;
  }
}

function subjectOf(proposal: Proposal): string {
  switch (proposal.kind) {
    case 'expire_absence':
      return `absence ${proposal.group} ${proposal.client}`;
    case 'expire_grace':
      return `grace ${proposal.group} ${proposal.lockSet}`;
    case 'forget':
      return `forget ${proposal.client}`;
    case 'grant_next':
      return `grant ${proposal.group}`;
    default:
      return proposal satisfies never;
  }
}
