/**
 * What is seen of an ordering from outside, as flat records: the checkers judge these and nothing
 * else, so that the simulator, real processes and a recording can all be judged.
 */
import type { Position } from '@choir/protocol';
import type { Incarnation, SubmitResult } from '../contract.ts';

type Seen = { readonly t: number; readonly node: string };

/** A submission was handed over, with this result. */
export type Submitted = Seen & {
  readonly kind: 'submitted';
  readonly source: Incarnation;
  readonly n: number;
  readonly result: SubmitResult;
  readonly bytes: Uint8Array;
};

/** A reader of `node` stands at a position: at its beginning, or after a gap at a snapshot. */
export type Placed = Seen & {
  readonly kind: 'placed';
  readonly reader: string;
  readonly epoch: number;
  readonly seq: number;
};

/** An entry was read. `nodes` and `gone` are there for members, the last three for the others. */
export type Read = Seen & {
  readonly kind: 'read';
  readonly reader: string;
  readonly epoch: number;
  readonly seq: number;
  readonly previousEpoch: number;
  readonly previousSeq: number;
  readonly time: number;
  readonly nodes?: readonly Incarnation[];
  readonly gone?: readonly Incarnation[];
  readonly source?: Incarnation;
  readonly n?: number;
  readonly bytes?: Uint8Array;
};

/** A reader was told that what follows its position is below the floor. */
export type Gap = Seen & {
  readonly kind: 'gap';
  readonly reader: string;
  readonly floorSeq: number;
};

export type Status = Seen & {
  readonly kind: 'status';
  readonly writable: boolean;
  readonly why: string;
  readonly floorSeq: number;
  readonly headSeq: number;
};

/** A host handed over a snapshot, or was given one. */
export type Kept = Seen & {
  readonly kind: 'kept' | 'restored';
  readonly epoch: number;
  readonly seq: number;
  readonly bytes: Uint8Array;
};

/** By the word of the system itself, everything up to here is committed. */
export type Committed = Seen & { readonly kind: 'committed'; readonly seq: number };

/** All faults are over, nothing moves, and the reader `final` of this node has read all there is. */
export type Settled = Seen & { readonly kind: 'settled'; readonly source: Incarnation };

export type OrderingEvent = Submitted | Placed | Read | Gap | Status | Kept | Committed | Settled;

/** The reader that each node is left with at the end, who reads everything from the floor. */
export const finalReader = 'final';

export type Rule = 'O1' | 'O2' | 'O3' | 'O4' | 'O5' | 'O6' | 'O7' | 'O8' | 'O9';

export type Violation = {
  readonly rule: Rule;
  /** What is wrong, with the positions concerned. */
  readonly what: string;
};

export function positionOf({ epoch, seq }: Position): Position {
  return { epoch, seq };
}

export function previousOf(read: Read): Position {
  return { epoch: read.previousEpoch, seq: read.previousSeq };
}
