/** What one seed of a suite has come to. */
import type { TraceEvent } from '@choir/testkit';

export type Outcome = {
  readonly seed: number;
  readonly hash: string;
  readonly violations: readonly { readonly property: string; readonly text: string }[];
  /** It held enough committed work, and enough faults that bit. */
  readonly counts: boolean;
  /** Committed entries, and operations of clients. */
  readonly entries: number;
  readonly operations: number;
  /** Kinds of messages, events, codes and faults that occurred. */
  readonly seen: readonly string[];
};

/** One seed, with all of its trace where that was asked for. */
export type Run = (
  seed: number,
  keep: 0 | 'all',
) => {
  readonly outcome: Outcome;
  readonly trace: readonly TraceEvent[];
};

export type Suite = {
  readonly name: string;
  /** What it runs, in one sentence. */
  readonly about: string;
  readonly run: Run;
  /** What must occur in at least a twentieth of the seeds, or the run proves too little. */
  readonly expected: readonly string[];
};
