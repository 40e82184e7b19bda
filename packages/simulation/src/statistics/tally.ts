/** What many seeds have come to: how much they held, what occurred in them, and what is missing. */
import type { Outcome } from '../suites/outcome.ts';

/** What was expected and occurred in less than this share of the seeds makes a run prove too little. */
const shareMin = 0.05;
/** Below so many seeds a share says nothing. */
const seedsMin = 200;

export type Distribution = {
  readonly min: number;
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
};

export class Tally {
  readonly #entries: number[] = [];
  readonly #operations: number[] = [];
  readonly #seen = new Map<string, number>();
  readonly #failed: Outcome[] = [];
  #counted = 0;

  add(outcome: Outcome): void {
    this.#entries.push(outcome.entries);
    this.#operations.push(outcome.operations);
    if (outcome.counts) this.#counted += 1;
    if (outcome.violations.length > 0) this.#failed.push(outcome);
    for (const what of new Set(outcome.seen)) {
      this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1);
    }
  }

  get seeds(): number {
    return this.#entries.length;
  }

  /** Seeds with enough work and enough faults. */
  get counted(): number {
    return this.#counted;
  }

  get failed(): readonly Outcome[] {
    return this.#failed.toSorted((one, other) => one.seed - other.seed);
  }

  get entries(): Distribution {
    return distribution(this.#entries);
  }

  get operations(): Distribution {
    return distribution(this.#operations);
  }

  /** The share of seeds in which each thing occurred, the rarest first. */
  shares(
    expected: readonly string[],
  ): readonly { readonly what: string; readonly share: number }[] {
    const names = new Set([...expected, ...this.#seen.keys()]);
    return [...names]
      .map((what) => ({ what, share: (this.#seen.get(what) ?? 0) / Math.max(1, this.seeds) }))
      .sort((one, other) => one.share - other.share || (one.what < other.what ? -1 : 1));
  }

  /** What was expected and hardly occurred; nothing while there are too few seeds to say. */
  missing(expected: readonly string[]): readonly string[] {
    if (this.seeds < seedsMin) return [];
    const wanted = new Set(expected);
    return this.shares(expected)
      .filter(({ what, share }) => wanted.has(what) && share < shareMin)
      .map(({ what, share }) => `${what} (${(100 * share).toFixed(1)} %)`);
  }
}

function distribution(values: readonly number[]): Distribution {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { min: at(0), p10: at(0.1), median: at(0.5), p90: at(0.9), max: at(1) };
}
