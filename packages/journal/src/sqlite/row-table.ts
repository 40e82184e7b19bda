/**
 * Derived rows by space, linked so that none can vanish unseen:
 *
 * R1 Rows of a space are written in ascending order; each names the one before it.
 * R2 `tails` names the last row of each space. It is written once per transaction and space.
 * R3 A range that was read is complete if its links meet without a hole, the first reaching back to
 *    or before the start, and if it ends either before a row that links to its end or at the tail.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JournalRow } from '../contract.ts';
import { rowChecksum, tailChecksum } from './checksum.ts';
import { ITEM_OVERHEAD_BYTES } from './entry-table.ts';
import { damaged } from './fault.ts';

/** Tails kept in memory, about 50 bytes each; beyond that all are forgotten and read again. */
const TAILS_KEPT_MAX = 65_536;

type LinkedRow = JournalRow & { readonly previous: number };

export type RowRange = { readonly rows: readonly JournalRow[]; readonly done: boolean };

export class RowTable {
  readonly #insert: StatementSync;
  readonly #from: StatementSync;
  readonly #drop: StatementSync;
  readonly #tailOf: StatementSync;
  readonly #putTail: StatementSync;
  readonly #dropTail: StatementSync;
  readonly #tails = new Map<number, number>();
  /** Spaces whose tail moved in the running transaction. */
  readonly #moved = new Set<number>();

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      'INSERT INTO rows (space, seq, previous, crc, bytes) VALUES (?, ?, ?, ?, ?)',
    );
    this.#from = database.prepare(
      'SELECT space, seq, previous, crc, bytes FROM rows WHERE space = ? AND seq >= ? ORDER BY seq',
    );
    this.#drop = database.prepare('DELETE FROM rows WHERE space = ?');
    this.#tailOf = database.prepare('SELECT last, crc FROM tails WHERE space = ?');
    this.#putTail = database.prepare(
      'INSERT INTO tails (space, last, crc) VALUES (?, ?, ?) ' +
        'ON CONFLICT (space) DO UPDATE SET last = excluded.last, crc = excluded.crc',
    );
    this.#dropTail = database.prepare('DELETE FROM tails WHERE space = ?');
  }

  append({ space, seq, bytes }: JournalRow): void {
    const previous = this.#tail(space);
    this.#insert.run(space, seq, previous, rowChecksum(space, seq, previous, bytes), bytes);
    this.#tails.set(space, seq);
    this.#moved.add(space);
  }

  forget(space: number): void {
    this.#drop.run(space);
    this.#dropTail.run(space);
    this.#tails.set(space, 0);
    this.#moved.delete(space);
  }

  /** Ends a transaction's writing (R2); returns how many spaces it touched. */
  settle(): number {
    const touched = this.#moved.size;
    for (const space of this.#moved) {
      const last = this.#tail(space);
      this.#putTail.run(space, last, tailChecksum(space, last));
    }
    this.#moved.clear();
    if (this.#tails.size > TAILS_KEPT_MAX) this.#tails.clear();
    return touched;
  }

  /** Rows with `after < seq <= upTo`, at least one if there is any, up to about `maxBytes`. */
  read(space: number, after: number, upTo: number, maxBytes: number): RowRange {
    const rows: JournalRow[] = [];
    let reached = after;
    let bytes = 0;
    for (const stored of this.#from.iterate(space, after + 1)) {
      const row = linkedRow(space, stored, reached);
      // The first may link to anything up to `after`, the others exactly to their predecessor.
      const linked = rows.length === 0 ? row.previous <= after : row.previous === reached;
      // What lies wholly beyond `upTo` is not asked for, nor whether all of it is there.
      if (!linked && row.previous <= upTo) throw damaged('a row is gone', row.previous);
      if (row.seq > upTo) return { rows, done: true };
      bytes += row.bytes.length + ITEM_OVERHEAD_BYTES;
      if (bytes > maxBytes && rows.length > 0) return { rows, done: false };
      rows.push({ space, seq: row.seq, bytes: row.bytes });
      reached = row.seq;
    }
    const tail = this.#tail(space);
    if (rows.length > 0 ? tail !== reached : tail > after) {
      throw damaged(`the rows of space ${space} up to ${tail} are gone`, reached + 1);
    }
    return { rows, done: true };
  }

  /**
   * The rows at exactly `seqs`, in that order, at least one if there is any, up to about `maxBytes`;
   * a position without a row is passed over.
   */
  readAt(space: number, seqs: readonly number[], maxBytes: number): RowRange {
    const rows: JournalRow[] = [];
    let bytes = 0;
    for (const seq of seqs) {
      const row = this.#rowAt(space, seq);
      if (row === undefined) continue;
      bytes += row.bytes.length + ITEM_OVERHEAD_BYTES;
      if (bytes > maxBytes && rows.length > 0) return { rows, done: false };
      rows.push(row);
    }
    return { rows, done: true };
  }

  #rowAt(space: number, seq: number): JournalRow | undefined {
    const stored = this.#from.get(space, seq);
    if (stored === undefined) {
      if (this.#tail(space) >= seq) throw damaged('a row is gone', seq);
      return undefined;
    }
    const row = linkedRow(space, stored, seq - 1);
    if (row.seq === seq) return { space, seq, bytes: row.bytes };
    if (row.previous >= seq) throw damaged('a row is gone', row.previous);
    return undefined;
  }

  /** Position of the last row of a space, 0 if it has none. */
  #tail(space: number): number {
    const known = this.#tails.get(space);
    if (known !== undefined) return known;
    const stored = this.#tailOf.get(space);
    const last = stored === undefined ? 0 : stored['last'];
    if (typeof last !== 'number' || (stored && stored['crc'] !== tailChecksum(space, last))) {
      throw damaged(`the end of space ${space} does not match its checksum`);
    }
    this.#tails.set(space, last);
    return last;
  }
}

function linkedRow(
  space: number,
  stored: Readonly<Record<string, unknown>>,
  reached: number,
): LinkedRow {
  const { seq, previous, crc, bytes } = stored;
  const whole =
    typeof seq === 'number' && typeof previous === 'number' && bytes instanceof Uint8Array;
  if (!whole || crc !== rowChecksum(space, seq, previous, bytes)) {
    throw damaged(`a row of space ${space} does not match its checksum`, reached + 1);
  }
  return { space, seq, previous, bytes };
}
