/**
 * The seam between order and services (DESIGN, "Ordering"). A host feeds a service the committed
 * entries in order; the service never sees what may still be retracted.
 *
 * O1 `read` returns committed entries only; none is ever retracted.
 * O2 Equal position, equal entry, at every node for ever; `seq` strictly increases and is never
 *    reused; `previous` exposes holes.
 * O3 Time is in the entry and never decreases; it is for display, replay by time and retention. No
 *    lock, grace or mark reads it.
 * O4 Per source: n delivered means n-1 delivered before, once.
 * O5 `closed` leaves submissions in doubt: each appears once or never, and never after its source is
 *    in `gone`.
 * O6 `members` takes a position and is identical everywhere.
 * O7 The floor passes only what a quorum's snapshots cover.
 * O8 While a quorum is connected every submission settles; `full` is back-pressure, never loss.
 * O9 A returning node reads as if it had never left, or is told `gap`.
 */
import type { Position } from '@choir/protocol';

/** One life of one node; a restarted node is another incarnation. */
export type Incarnation = string;

export type Entry = {
  readonly kind: 'entry';
  readonly at: Position;
  readonly previous: Position;
  /** Milliseconds since 1970 (O3). */
  readonly time: number;
  readonly source: Incarnation;
  /** The source's own number of the submission: 1, 2, 3 … */
  readonly n: number;
  readonly bytes: Uint8Array;
};

export type Members = {
  readonly kind: 'members';
  readonly at: Position;
  readonly previous: Position;
  readonly time: number;
  readonly nodes: readonly Incarnation[];
  /** Incarnations that will never submit again; the sessions of their clients end here. */
  readonly gone: readonly Incarnation[];
};

export type Ordered = Entry | Members;

export type Snapshot = { readonly at: Position; readonly bytes: Uint8Array };

export type ReadResult =
  | { readonly kind: 'entries'; readonly entries: readonly Ordered[] }
  /** Nothing committed after that position yet. */
  | { readonly kind: 'wait' }
  /** What followed that position is below the floor: start from the snapshot. */
  | { readonly kind: 'gap'; readonly floor: Position };

/** `full`: try again after the next entries; nothing was taken. `closed`: for good. */
export type SubmitResult = 'queued' | 'full' | 'closed';

export type OrderingStatus = {
  readonly writable: boolean;
  /** Why not writable, as a sentence; empty when it is. */
  readonly why: string;
  readonly floor: Position;
  readonly head: Position;
};

export interface Ordering {
  /** Hands over submission `n` of this incarnation (1, 2, 3 …). */
  submit(n: number, bytes: Uint8Array): SubmitResult;
  /** Committed entries with a position after `after`, about `maxBytes` of them, at least one if any. */
  read(after: Position, maxBytes: number): ReadResult;
  status(): OrderingStatus;
  /** The host's state as of `snapshot.at`; lets the floor rise. */
  keep(snapshot: Snapshot): void;
  /** The newest snapshot, or null when the log is whole from its beginning. */
  snapshot(): Snapshot | null;
}
