/**
 * The ordering of a single node: the order is the order of its journal.
 *
 * Boundary: pure. It owns no journal and no clock: `takeRequests(wallMs)` says what to ask of the
 * journal now (after submissions, replies and reads that had to wait), and `handle(reply)` takes the
 * answers to just these requests, in their order. Then more can be read: `version` tells.
 *
 * Invariants, beside O1–O9 of the contract:
 * L1 `seq` is always the previous one plus one, over all lives of the journal.
 * L2 Every unclean opening starts an epoch; a reopening after an orderly close continues it. That of a copy is
 *    the time, so that neither the original nor another copy ever has it.
 * L3 The first entry of a life is `members`: this node alone, with the life before it in `gone`. No
 *    submission is taken before it is committed, so nothing of an earlier life can follow it (O5).
 * L4 An entry can be read only after the journal acknowledged its commit (O1); what was found at
 *    the opening is committed, whoever wrote it and whether or not it was ever acknowledged.
 * L5 The first failure of the journal closes this ordering for good.
 *
 * Each `takeRequests` makes one commit of what was submitted since, and never waits for the commits
 * before it: the journal makes one sync of all commits that reach it during a sync, so gathering
 * here as well would only add to the latency.
 */
import type {
  JournalCommit,
  JournalEntry,
  JournalOpened,
  JournalReply,
  JournalRequest,
} from '@choir/journal';
import { ORIGIN, type Position } from '@choir/protocol';
import type {
  Incarnation,
  Ordered,
  Ordering,
  OrderingStatus,
  ReadResult,
  Snapshot,
  SubmitResult,
} from '../contract.ts';
import { assertIncarnation, decodeOrdered, encodeEntries } from '../entry.ts';
import { samePosition } from '../position.ts';
import { decodeSnapshot, encodeSnapshot } from '../stored-snapshot.ts';
import { CatchUp, type PageRequest } from './catch-up.ts';
import { LogEnd } from './log-end.ts';
import { RecentWindow } from './recent-window.ts';
import { Unsettled } from './unsettled.ts';

export type LocalOrderingOptions = {
  readonly opened: JournalOpened;
  /** This life; no earlier life of this journal may have had the same. */
  readonly me: Incarnation;
};

type Phase =
  /** The last entry must be read: it tells who was here before, and the time. */
  | 'to look back'
  | 'looking back'
  /** The first entry of this life must be committed (L3). */
  | 'to announce'
  | 'announcing'
  | 'open'
  | 'closed';

/** What a request was for; the journal answers in order. */
type Expected =
  | { readonly kind: 'last entry' }
  | { readonly kind: 'page'; readonly page: PageRequest }
  | {
      readonly kind: 'commit';
      readonly entries: readonly Ordered[];
      readonly snapshot: Snapshot | null;
    };

export class LocalOrdering implements Ordering {
  readonly #me: Incarnation;
  readonly #end: LogEnd;
  readonly #unsettled = new Unsettled();
  readonly #window = new RecentWindow();
  readonly #catchUp = new CatchUp();
  readonly #expected: Expected[] = [];
  #phase: Phase;
  #why = 'The log is being opened.';
  #version = 0;
  #head: Position;
  #applied: number;
  readonly #copied: boolean;
  /** The newest committed snapshot, and the one that waits for the next commit. */
  #snapshot: Snapshot | null = null;
  #kept: Snapshot | null = null;
  /** Earlier lives that are not in any `gone` yet. */
  #before: readonly Incarnation[] = [];

  constructor({ opened, me }: LocalOrderingOptions) {
    assertIncarnation(me);
    const { head, applied, snapshot, clean, copied } = opened;
    this.#me = me;
    this.#head = head;
    this.#applied = applied;
    this.#copied = copied;
    this.#end = new LogEnd(head, clean ? Math.max(head.epoch, 1) : head.epoch + 1);
    this.#phase = head.seq === 0 ? 'to announce' : 'to look back';
    if (snapshot === null) return;
    this.#snapshot = decodeSnapshot(snapshot);
    if (this.#snapshot === null) this.#close('The snapshot in the journal cannot be read.');
  }

  /** Grows whenever a read or the status may have a new answer. */
  get version(): number {
    return this.#version;
  }

  /**
   * `bytes` is kept as it is: it must not change, nor be a view of something that holds much else. Out of
   * order or too long is a mistake of the caller and throws.
   */
  submit(n: number, bytes: Uint8Array): SubmitResult {
    const submission = { n, bytes };
    this.#unsettled.check(submission);
    if (this.#phase === 'closed') return 'closed';
    return this.#phase === 'open' && this.#unsettled.take(submission) ? 'queued' : 'full';
  }

  read(after: Position, maxBytes: number): ReadResult {
    const next = after.seq + 1;
    if (next > this.#head.seq) return this.#readAtHead(after);
    if (this.#window.covers(next)) return follow(after, this.#window.from(next, maxBytes));
    const until = this.#window.first ?? this.#head.seq + 1;
    const entries = this.#catchUp.read({ after: after.seq, maxBytes }, until);
    return entries === null ? { kind: 'wait' } : follow(after, entries);
  }

  status(): OrderingStatus {
    const writable = this.#phase === 'open';
    return { writable, why: writable ? '' : this.#why, floor: ORIGIN, head: this.#head };
  }

  /** Goes into the next commit. The log is kept whole: the floor stays at the origin (O7). */
  keep(snapshot: Snapshot): void {
    const { seq } = snapshot.at;
    if (seq > this.#head.seq) throw new RangeError('a snapshot of what is not committed');
    const newest = this.#kept ?? this.#snapshot;
    if (newest === null || seq > newest.at.seq) this.#kept = snapshot;
  }

  /** The newest that is committed. */
  snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /**
   * Commits of the host's own in the same journal say how far its rows are complete, and no later
   * commit may say less: those made here repeat what the host has said last.
   */
  appliedTo(seq: number): void {
    if (seq < this.#applied) throw new RangeError(`applied ${seq} after ${this.#applied}`);
    this.#applied = seq;
  }

  /** What to ask of the journal now, in this order. `wallMs` becomes the entries' time (O3). */
  takeRequests(wallMs: number): readonly JournalRequest[] {
    const requests: JournalRequest[] = [];
    for (const page of this.#catchUp.takeRequests()) {
      requests.push({ kind: 'read-entries', ...page });
      this.#expected.push({ kind: 'page', page });
    }
    if (this.#phase === 'to look back') {
      requests.push({ kind: 'read-entries', after: this.#head.seq - 1, maxBytes: 1 });
      this.#expected.push({ kind: 'last entry' });
      this.#phase = 'looking back';
    }
    const entries = this.#takeEntries(wallMs);
    if (entries.length > 0 || this.#kept !== null) requests.push(this.#commit(entries));
    return requests;
  }

  handle(reply: JournalReply): void {
    const expected = this.#expected.shift();
    if (expected === undefined) throw new Error('a reply to no request');
    if (this.#phase === 'closed') return;
    this.#version += 1;
    if (reply.kind === 'failed') {
      this.#close(reply.failure.message);
    } else if (reply.kind === 'committed' && expected.kind === 'commit') {
      this.#committed(expected.entries, expected.snapshot);
    } else if (reply.kind === 'entries' && expected.kind === 'page') {
      this.#catchUp.fill(expected.page, this.#decode(reply.entries));
    } else if (reply.kind === 'entries' && expected.kind === 'last entry') {
      this.#lookBack(this.#decode(reply.entries));
    } else {
      throw new Error(`"${reply.kind}" in answer to a request for a ${expected.kind}`);
    }
  }

  #readAtHead(after: Position): ReadResult {
    const isAhead = after.seq > this.#head.seq && after.epoch === this.#end.epoch;
    if (isAhead || samePosition(after, this.#head)) return { kind: 'wait' };
    return { kind: 'gap', floor: ORIGIN };
  }

  #takeEntries(wallMs: number): readonly Ordered[] {
    if (this.#phase === 'to announce') {
      this.#phase = 'announcing';
      this.#end.notBefore(wallMs);
      if (this.#copied) this.#end.beginEpoch(wallMs);
      return [this.#end.members([this.#me], this.#before)];
    }
    if (this.#phase !== 'open') return [];
    this.#end.notBefore(wallMs);
    return this.#unsettled.takeWaiting().map((each) => this.#end.entry(this.#me, each));
  }

  #commit(entries: readonly Ordered[]): JournalCommit {
    const snapshot = this.#kept;
    this.#kept = null;
    this.#expected.push({ kind: 'commit', entries, snapshot });
    const commit = {
      kind: 'commit',
      entries: encodeEntries(entries),
      rows: [],
      applied: this.#applied,
    } as const;
    return snapshot === null ? commit : { ...commit, snapshot: encodeSnapshot(snapshot) };
  }

  #committed(entries: readonly Ordered[], snapshot: Snapshot | null): void {
    if (snapshot !== null) this.#snapshot = snapshot;
    for (const ordered of entries) {
      this.#head = ordered.at;
      this.#window.append(ordered);
      if (ordered.kind === 'entry') this.#unsettled.settle(ordered.bytes.length);
      else this.#phase = 'open';
    }
  }

  /** The last entry of the log: its time is the least of ours, its author is gone. */
  #lookBack(entries: readonly Ordered[]): void {
    const [last] = entries;
    if (this.#phase === 'closed') return;
    if (last === undefined || !samePosition(last.at, this.#head)) {
      this.#close('The last entry of the log is not where it should be.');
      return;
    }
    this.#before = last.kind === 'entry' ? [last.source] : last.nodes;
    if (this.#before.includes(this.#me)) throw new Error(`${this.#me} has lived before`);
    this.#end.notBefore(last.time);
    this.#phase = 'to announce';
  }

  #decode(stored: readonly JournalEntry[]): readonly Ordered[] {
    const entries: Ordered[] = [];
    for (const entry of stored) {
      const ordered = decodeOrdered(entry);
      if (ordered.kind === 'undecodable') {
        this.#close(`Entry ${entry.seq} of the log cannot be read: ${ordered.problem}.`);
        return [];
      }
      entries.push(ordered);
    }
    return entries;
  }

  #close(why: string): void {
    this.#phase = 'closed';
    this.#why = why;
  }
}

/** What was found after `after`; unless it follows something else, under another epoch. */
function follow(after: Position, entries: readonly Ordered[]): ReadResult {
  const [first] = entries;
  if (first === undefined) return { kind: 'wait' };
  if (!samePosition(first.previous, after)) return { kind: 'gap', floor: ORIGIN };
  return { kind: 'entries', entries };
}
