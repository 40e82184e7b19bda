/**
 * A chain: the submissions of one client to one group name, in the order in which they were settled.
 * Its mark is what makes every submission take effect once (G2; DESIGN, "Marks").
 */
import { codes, type LocalId, limits, type Position } from '@choir/protocol';
import type { Result } from './effect.ts';
import { type Outcome, Outcomes } from './outcomes.ts';

/** How a submission stands to its chain. */
export type Standing = 'next' | 'duplicate' | 'out_of_order';

/** Holders remembered with a refusal: enough to tell a person, bounded for the state. */
const rememberedHolders = 8;

export class Chain {
  #mark: number;
  readonly outcomes: Outcomes;

  constructor(mark = 0, outcomes = new Outcomes()) {
    this.#mark = mark;
    this.outcomes = outcomes;
  }

  /** Local id of the last submission settled; 0 when there was none. */
  get mark(): number {
    return this.#mark;
  }

  standing(localId: LocalId, previous: number): Standing {
    if (localId <= this.#mark) return 'duplicate';
    return previous === this.#mark ? 'next' : 'out_of_order';
  }

  outcomeOf(localId: LocalId): Outcome | null {
    const index = this.outcomes.find(localId);
    return index === -1 ? null : this.outcomes.at(index);
  }

  /**
   * Moves the mark. Refusals move it too: they are outcomes like any other. A lock request that still
   * waits is not forgotten: its client has to learn what becomes of it.
   */
  settle(outcome: Outcome): void {
    this.#mark = outcome.localId;
    if (this.outcomes.count >= limits.sendWindow) this.outcomes.forgetOldest();
    this.outcomes.push(remembered(outcome));
  }

  /** Replaces the outcome of a lock request that waited. */
  revise(localId: LocalId, at: Position, result: Result): void {
    const index = this.outcomes.find(localId);
    if (index !== -1) this.outcomes.replace(index, at, result);
  }
}

/** The explanation of a refusal is not kept: its code has one of its own. */
function remembered(outcome: Outcome): Outcome {
  const { result } = outcome;
  if (result.kind === 'ok') return outcome;
  const holders = result.holders.slice(0, rememberedHolders);
  if (result.kind === 'waiting') return { ...outcome, result: { ...result, holders } };
  return { ...outcome, result: { ...result, holders, message: codes[result.code] } };
}
