/**
 * A chain: the submissions of one client to one group name, in the order in which they were settled.
 * Its mark is what makes every submission take effect once (G2; DESIGN, "Marks").
 */
import { codes, type LocalId, limits, type Position } from '@choir/protocol';
import type { Result } from './effect.ts';

/** What became of one submission, kept so that a repetition gets the same answer. */
export type Outcome = {
  readonly localId: LocalId;
  readonly at: Position;
  /** CRC-32 of the submission's body: tells a repetition from a reused local id. */
  readonly checksum: number;
  readonly result: Result;
};

/** How a submission stands to its chain. */
export type Standing = 'next' | 'duplicate' | 'out_of_order';

/** Holders remembered with a refusal: enough to tell a person, bounded for the state. */
const rememberedHolders = 8;

export class Chain {
  #mark: number;
  readonly #outcomes: Outcome[];

  constructor(mark = 0, outcomes: readonly Outcome[] = []) {
    this.#mark = mark;
    this.#outcomes = [...outcomes];
  }

  /** Local id of the last submission settled; 0 when there was none. */
  get mark(): number {
    return this.#mark;
  }

  get outcomes(): readonly Outcome[] {
    return this.#outcomes;
  }

  standing(localId: LocalId, previous: number): Standing {
    if (localId <= this.#mark) return 'duplicate';
    return previous === this.#mark ? 'next' : 'out_of_order';
  }

  outcomeOf(localId: LocalId): Outcome | null {
    return this.#outcomes.findLast((outcome) => outcome.localId === localId) ?? null;
  }

  /** Moves the mark. Refusals move it too: they are outcomes like any other. */
  settle(outcome: Outcome): void {
    this.#mark = outcome.localId;
    this.#outcomes.push(remembered(outcome));
    if (this.#outcomes.length > limits.sendWindow) this.#forgetOldest();
  }

  /** A lock request that still waits is not forgotten: its client has to learn what becomes of it. */
  #forgetOldest(): void {
    const oldest = this.#outcomes.findIndex(({ result }) => result.kind !== 'waiting');
    if (oldest !== -1) this.#outcomes.splice(oldest, 1);
  }

  /** Replaces the outcome of a lock request that waited. */
  revise(localId: LocalId, at: Position, result: Result): void {
    const index = this.#outcomes.findLastIndex((outcome) => outcome.localId === localId);
    const old = this.#outcomes[index];
    if (old !== undefined) this.#outcomes[index] = { ...old, at, result };
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
