/**
 * What a simulated disk holds once everything written is synced: entries, rows, a snapshot.
 *
 * Boundary: contents only; when a request takes effect, and which are lost, is the journal's, and
 * what a commit may hold is in `commit-rules.ts`.
 */
import type {
  JournalCommit,
  JournalEntry,
  JournalOpened,
  JournalRow,
  JournalSnapshot,
} from '@choir/journal';

export class JournalContents {
  readonly #entries: JournalEntry[] = [];
  /** Rows of each space, ascending by seq. */
  readonly #rows = new Map<number, JournalRow[]>();
  #snapshot: JournalSnapshot | null = null;
  #applied = 0;

  get head(): { readonly seq: number; readonly epoch: number } {
    const last = this.#entries.at(-1);
    return last === undefined ? { seq: 0, epoch: 0 } : { seq: last.seq, epoch: last.epoch };
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  opened(clean: boolean): JournalOpened {
    const left = { clean, copied: false };
    return { head: this.head, applied: this.#applied, snapshot: this.#snapshot, ...left };
  }

  apply(commit: JournalCommit): void {
    for (const entry of commit.entries) this.#entries.push(entry);
    for (const row of commit.rows) this.#place(row);
    // After the rows: a space may receive and vanish within one commit.
    for (const space of commit.forget ?? []) this.#rows.delete(space);
    this.#applied = commit.applied;
    if (commit.snapshot !== undefined) this.#snapshot = commit.snapshot;
  }

  entriesAfter(after: number, maxBytes: number): JournalEntry[] {
    const first = this.#entries[0];
    if (first === undefined) return [];
    const start = Math.max(0, after + 1 - first.seq);
    return take(this.#entries, { start, maxBytes, last: Number.POSITIVE_INFINITY });
  }

  rowsAfter(
    space: number,
    range: { after: number; upTo: number; maxBytes: number },
  ): {
    rows: JournalRow[];
    done: boolean;
  } {
    const all = this.#rows.get(space) ?? [];
    const start = firstAfter(all, range.after);
    const rows = take(all, { start, maxBytes: range.maxBytes, last: range.upTo });
    const next = all[start + rows.length];
    return { rows, done: next === undefined || next.seq > range.upTo };
  }

  rowsAt(
    space: number,
    wanted: { seqs: readonly number[]; maxBytes: number },
  ): {
    rows: JournalRow[];
    done: boolean;
  } {
    const all = this.#rows.get(space) ?? [];
    const found = wanted.seqs.flatMap((seq) => {
      const row = all[firstAfter(all, seq - 1)];
      return row?.seq === seq ? [row] : [];
    });
    const { maxBytes } = wanted;
    const rows = take(found, { start: 0, maxBytes, last: Number.POSITIVE_INFINITY });
    return { rows, done: rows.length === found.length };
  }

  #place(row: JournalRow): void {
    const rows = this.#rows.get(row.space);
    if (rows === undefined) this.#rows.set(row.space, [row]);
    else rows.push(row);
  }
}

type Sized = { readonly seq: number; readonly bytes: Uint8Array };

/** Items from `start` up to `last`, about `maxBytes` of them but at least one. */
function take<Item extends Sized>(
  items: readonly Item[],
  from: { start: number; maxBytes: number; last: number },
): Item[] {
  const taken: Item[] = [];
  let bytes = 0;
  for (let index = from.start; index < items.length; index += 1) {
    const item = items[index] as Item;
    if (item.seq > from.last || (taken.length > 0 && bytes >= from.maxBytes)) break;
    taken.push(item);
    bytes += item.bytes.length;
  }
  return taken;
}

/** Index of the first row whose seq is above `seq`; mostly the end, so that is tried first. */
function firstAfter(rows: readonly JournalRow[], seq: number): number {
  const last = rows.at(-1);
  if (last === undefined || last.seq <= seq) return rows.length;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as JournalRow).seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
