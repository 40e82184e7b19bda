/**
 * Rows on their way to the journal: what the members of a group received at a position.
 *
 * H1 Rows wait until there are many, or for a while: those of one group then lie together on disk,
 *    which costs a fraction of storing each as it comes. The entries are on disk all the time, and
 *    rows that were not stored are made again from them.
 * H2 Every commit carries the rows of all that it calls applied, and no snapshot is stored before the
 *    rows of what it covers.
 */
import type { JournalCommit } from '@choir/journal';
import type { GroupId } from '@choir/protocol';
import type { Delivered } from './delivered.ts';
import type { HostSettings } from './settings.ts';
import type { Streams } from './streams.ts';

type Row = { readonly space: GroupId; readonly seq: number; readonly bytes: Uint8Array };

export class RowStore {
  readonly #settings: HostSettings;
  readonly #streams: Streams;
  #rows: Row[] = [];
  #bytes = 0;
  /** Since when something waits. */
  #since: number | null = null;
  #applied: number;
  #storedTo: number;

  /** Rows up to `applied` were stored in an earlier life. */
  constructor(settings: HostSettings, streams: Streams, applied: number) {
    this.#settings = settings;
    this.#streams = streams;
    this.#applied = applied;
    this.#storedTo = applied;
  }

  /** Up to here the rows were made. */
  get applied(): number {
    return this.#applied;
  }

  /** Up to here the rows are on disk. */
  get storedTo(): number {
    return this.#storedTo;
  }

  /** When what waits is to be stored; null when nothing does. */
  get nextDue(): number | null {
    if (this.#since === null) return null;
    const full = this.#bytes >= this.#settings.rowsBytes;
    return full ? this.#since : this.#since + this.#settings.rowsDelayMs;
  }

  isDue(now: number): boolean {
    const { nextDue } = this;
    return nextDue !== null && nextDue <= now;
  }

  add(space: GroupId, { seq, wire }: Delivered): void {
    if (seq <= this.#storedTo) return;
    this.#rows.push({ space, seq, bytes: wire });
    this.#bytes += wire.length;
  }

  /** All rows up to `seq` were added. */
  appliedTo(seq: number, now: number): void {
    if (seq <= this.#applied) return;
    this.#applied = seq;
    if (this.#rows.length > 0) this.#since ??= now;
  }

  /** Rows that may be dropped get a commit, too. */
  endTurn(now: number): void {
    if (this.#streams.anyForgettable) this.#since ??= now;
  }

  /** A snapshot is stored next: all that waits goes with it or before it (H2). */
  hurry(): void {
    this.#since = Number.NEGATIVE_INFINITY;
  }

  /** What goes into the next commit. */
  take(): Pick<JournalCommit, 'rows' | 'applied' | 'forget'> {
    // Side by side as they will lie on disk; those of one group stay in their order.
    const rows = this.#rows.sort((one, other) => one.space - other.space);
    this.#rows = [];
    this.#bytes = 0;
    this.#since = null;
    return { rows, applied: this.#applied, forget: this.#streams.takeForgettable() };
  }

  stored(upTo: number): void {
    this.#storedTo = Math.max(this.#storedTo, upTo);
  }
}
