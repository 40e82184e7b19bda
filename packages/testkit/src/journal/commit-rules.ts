/**
 * What a commit must keep to (J3, and what the contract says of rows), and a read of rows: the same
 * rules as those of the real journal. Breaking one is a bug of the journal's owner, so it throws where the owner can
 * see it: when the request is made.
 */
import type { JournalCommit, JournalOpened } from '@choir/journal';

export class CommitRules {
  #head: number;
  #applied: number;

  constructor({ head, applied }: JournalOpened) {
    this.#head = head.seq;
    this.#applied = applied;
  }

  /** Throws, or counts the commit as made. */
  admit(commit: JournalCommit): void {
    const { entries, applied } = commit;
    let head = this.#head;
    for (const { seq } of entries) {
      assert(head === 0 || seq === head + 1, `entry ${seq} follows ${head}`);
      head = seq;
    }
    assert(applied >= this.#applied, `applied ${applied} after ${this.#applied}`);
    assert(applied <= head, `applied ${applied}, where entries end at ${head}`);
    this.#admitRows(commit);
    this.#head = head;
    this.#applied = applied;
  }

  /** Rows and `applied` move together: a commit brings the rows of what it applies. */
  #admitRows({ rows, applied }: JournalCommit): void {
    if (rows.length === 0) return;
    const lasts = new Map<number, number>();
    for (const { space, seq } of rows) {
      const last = lasts.get(space) ?? this.#applied;
      assert(seq > last, `a row at ${seq} of space ${space} after ${last}`);
      assert(seq <= applied, `a row at ${seq}, where rows are applied up to ${applied}`);
      lasts.set(space, seq);
    }
  }
}

/** The contract's bound on `read-rows-at`. */
const positionsMax = 1_024;

export function admitPositions({ length }: readonly number[]): void {
  assert(length <= positionsMax, `rows at ${length} positions, where ${positionsMax} are allowed`);
}

function assert(held: boolean, otherwise: string): asserts held {
  if (!held) throw new Error(`misuse of the journal: ${otherwise}`);
}
