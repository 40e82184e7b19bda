/**
 * The journal: the durable, checksummed list of ordered entries of one node, with the rows and the
 * snapshot that are derived from it. This file is the contract only; `sqlite/` is the real one, the
 * simulator has another, and one suite runs on both.
 *
 * A journal is driven by messages, never by calls that return promises, so that pure cores can own
 * it: the owner issues a `JournalRequest`, and the journal answers each with one `JournalReply`, in
 * the order of the requests.
 *
 * J1 A `committed` reply means: everything in that request, and in all requests before it, is synced.
 * J2 A request is atomic: after a crash all of it is there, or none of it.
 * J3 `seq` of entries is contiguous from the first entry; a commit that would break this is a bug of
 *    the owner and is refused by an assertion, not by a reply.
 * J4 After `failed` the journal is closed for good: every later request is answered `failed` too.
 * J5 Opening yields everything that was ever acknowledged as committed, or refuses and names the
 *    first position that is damaged. It never silently yields less.
 * J6 What an open refused because of damage stays readable up to the damage (`readDamaged`).
 */

/** One ordered entry as the journal sees it: opaque bytes under a position. */
export type JournalEntry = {
  readonly seq: number;
  readonly epoch: number;
  readonly bytes: Uint8Array;
};

/**
 * A row of derived state: what readers of `space` are sent for the entry at `seq`. A space is a
 * number that the owner chose (a group's creation position). At most one row per (space, seq).
 */
export type JournalRow = {
  readonly space: number;
  readonly seq: number;
  readonly bytes: Uint8Array;
};

/** State as of `seq`, in the owner's own encoding. Only the newest snapshot is kept. */
export type JournalSnapshot = {
  readonly seq: number;
  readonly bytes: Uint8Array;
};

/**
 * One transaction. `entries` extend the log; `rows` may lag behind the entries but never run ahead
 * of them; `applied` says how far rows are complete; `forget` drops all rows of the spaces named.
 */
export type JournalCommit = {
  readonly kind: 'commit';
  readonly entries: readonly JournalEntry[];
  readonly rows: readonly JournalRow[];
  readonly applied: number;
  readonly snapshot?: JournalSnapshot;
  readonly forget?: readonly number[];
};

export type JournalRequest =
  | JournalCommit
  /** Entries with `seq > after`, ascending, at least one if there is any, about `maxBytes` in all. */
  | { readonly kind: 'read-entries'; readonly after: number; readonly maxBytes: number }
  /** Rows of a space with `after < seq <= upTo`, ascending, at least one if any, about `maxBytes`. */
  | {
      readonly kind: 'read-rows';
      readonly space: number;
      readonly after: number;
      readonly upTo: number;
      readonly maxBytes: number;
    }
  /**
   * The rows of a space at exactly these positions (at most 1,024), in the order asked, at least one
   * if any, about `maxBytes`. Positions without a row are passed over; of an answer that is not
   * `done`, those behind the last row that it brings were not looked at.
   */
  | {
      readonly kind: 'read-rows-at';
      readonly space: number;
      readonly seqs: readonly number[];
      readonly maxBytes: number;
    };

export type JournalReply =
  | { readonly kind: 'committed'; readonly head: number }
  | { readonly kind: 'entries'; readonly entries: readonly JournalEntry[] }
  | { readonly kind: 'rows'; readonly rows: readonly JournalRow[]; readonly done: boolean }
  | { readonly kind: 'failed'; readonly failure: JournalFailure };

export type JournalFailure = {
  readonly code: JournalFailureCode;
  /** A sentence for the operator: what happened and what to do. */
  readonly message: string;
  /** The first position concerned, where there is one. */
  readonly seq?: number;
};

/** Codes are stable: they appear in logs, in `status` and in the documentation. */
export type JournalFailureCode =
  /** The disk is full or a quota is reached. */
  | 'DISK_FULL'
  /** The operating system reported an error for a read, a write or a sync. */
  | 'DISK_ERROR'
  /** Stored bytes do not match their checksum, or acknowledged entries are gone. */
  | 'DAMAGED'
  /** Written by a newer version. */
  | 'FORMAT'
  /** Another process has the data directory open. */
  | 'IN_USE'
  /** The journal's thread ended by itself: memory ran out, or a bug. What was under way is unknown. */
  | 'THREAD_ENDED'
  /** The journal was closed before the request. */
  | 'CLOSED';

/** What an opened journal holds. */
export type JournalOpened = {
  /** Position of the last entry; `{ seq: 0, epoch: 0 }` for an empty journal. */
  readonly head: { readonly seq: number; readonly epoch: number };
  /** Rows are complete up to here. */
  readonly applied: number;
  readonly snapshot: JournalSnapshot | null;
  /** True when the last owner closed it in order; false after a crash (or at the first opening). */
  readonly clean: boolean;
  /** It is a copy (`backup`) in which nobody stored an entry yet. Never clean. */
  readonly copied: boolean;
};

export type JournalOpening =
  | { readonly ok: true; readonly opened: JournalOpened }
  | { readonly ok: false; readonly failure: JournalFailure };
