/**
 * What a commit must keep to. Breaking a rule is a bug of the journal's owner, so it throws where
 * the owner can see it, before anything is sent.
 */
import assert from 'node:assert/strict';
import type { JournalCommit, JournalOpened } from '../contract.ts';

/** Bytes of one entry, row or snapshot; SQLite's own limit is about twice that. */
const ITEM_BYTES_MAX = 512 * 1024 * 1024;

export class CommitRules {
  #head: number;
  #applied: number;

  constructor({ head, applied }: JournalOpened) {
    this.#head = head.seq;
    this.#applied = applied;
  }

  /** Throws, or counts the commit as sent. */
  admit({ entries, rows, applied, snapshot, forget = [] }: JournalCommit): void {
    let head = this.#head;
    for (const { seq, epoch, bytes } of entries) {
      assertSize(bytes);
      assertPosition(seq, 1);
      assertPosition(epoch, 0);
      // The first entry of an empty journal may have any position (J3: contiguous from the first).
      assert(head === 0 || seq === head + 1, `entry ${seq} does not follow ${head}`);
      head = seq;
    }
    assertPosition(applied, this.#applied);
    assert(applied <= head, `applied ${applied} is ahead of the entries, which end at ${head}`);
    this.#admitRows(rows, applied);
    for (const space of forget) assertPosition(space, 0);
    if (snapshot !== undefined) {
      assertPosition(snapshot.seq, 0);
      assertSize(snapshot.bytes);
    }
    this.#head = head;
    this.#applied = applied;
  }

  /** Rows and `applied` move together: a commit brings the rows of what it applies. */
  #admitRows(rows: JournalCommit['rows'], applied: number): void {
    const last = new Map<number, number>();
    for (const { space, seq, bytes } of rows) {
      assertSize(bytes);
      assertPosition(space, 0);
      assertPosition(seq, (last.get(space) ?? this.#applied) + 1);
      assert(seq <= applied, `row ${seq} is ahead of applied ${applied}`);
      last.set(space, seq);
    }
  }
}

function assertPosition(value: number, least: number): void {
  assert(Number.isSafeInteger(value) && value >= least, `${value} is not a position >= ${least}`);
}

function assertSize(bytes: Uint8Array): void {
  assert(bytes.length <= ITEM_BYTES_MAX, `${bytes.length} bytes are more than ${ITEM_BYTES_MAX}`);
}
