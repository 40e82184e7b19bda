/** What a life of the killed process writes: every byte follows from the life and the position. */
import type { JournalCommit } from '../../src/index.ts';

export const SPACES = 7;

const SNAPSHOT_EVERY = 40;

/** Commits of one to five entries; entries of a few bytes to a sixth of a page. */
export function commitOfLife(life: number, head: number): JournalCommit {
  const count = 1 + ((head + life) % 5);
  const entries = Array.from({ length: count }, (_, index) => entryOfLife(life, head + index + 1));
  const rows = entries.map(({ seq, bytes }) => ({ space: seq % SPACES, seq, bytes }));
  const commit = { kind: 'commit', entries, rows, applied: head + count } as const;
  if (head % SNAPSHOT_EVERY > 0) return commit;
  return { ...commit, snapshot: { seq: head, bytes: new Uint8Array((head * 13) % 20_000) } };
}

/** The life is written at the front, so that a reader can tell whose entry it has. */
export function entryOfLife(life: number, seq: number) {
  const bytes = new Uint8Array(4 + ((seq * 37 + life * 101) % 601)).fill(seq % 251);
  new DataView(bytes.buffer).setUint32(0, life);
  return { seq, epoch: 1, bytes };
}

export function lifeOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
