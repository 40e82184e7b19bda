/**
 * The journal's transactions, on the worker's side of the thread boundary.
 *
 * T1 All requests of a batch share one transaction and are answered after its sync, reads too: a
 *    read sees what was requested before it, and must not tell of what might still be lost.
 * T2 After any fault the store is used no more (contract, J4), so what it keeps in memory is never
 *    rolled back.
 * T3 The head mark is written after the sync and before the answers (head-file.ts, H1).
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JournalCommit, JournalFailure, JournalOpened, JournalRequest } from '../contract.ts';
import type { SpaceSize } from '../journal.ts';
import { type BackupSource, backUp } from './backup.ts';
import { Checkpoints } from './checkpoint.ts';
import { settingChecksum, snapshotChecksum } from './checksum.ts';
import { EntryTable, ITEM_OVERHEAD_BYTES } from './entry-table.ts';
import type { HeadFile, HeadMark } from './head-file.ts';
import type { Inspected } from './inspection.ts';
import type { SettledReply } from './reply-message.ts';
import { RowTable } from './row-table.ts';
import type { SettingName } from './tables.ts';
import { weigh } from './weighing.ts';

export class Store {
  readonly opened: JournalOpened;
  readonly #database: DatabaseSync;
  readonly #head: HeadFile;
  readonly #entries: EntryTable;
  readonly #rows: RowTable;
  readonly #checkpoints: Checkpoints;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #putSetting: StatementSync;
  readonly #putSnapshot: StatementSync;
  #commits: number;
  #applied: number;
  /** Nothing was stored in this copy of another journal yet (backup.ts, B2). */
  #copied: boolean;
  /** Bytes that the running transaction has written. */
  #written = 0;

  constructor(
    database: DatabaseSync,
    head: HeadFile,
    found: Inspected,
    left: Pick<HeadMark, 'clean' | 'copied'>,
  ) {
    const { end, applied, commits, snapshot } = found;
    this.opened = { head: { seq: end.seq, epoch: end.epoch }, applied, snapshot, ...left };
    this.#database = database;
    this.#head = head;
    this.#entries = new EntryTable(database, end);
    this.#rows = new RowTable(database);
    this.#checkpoints = new Checkpoints(database);
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#putSetting = database.prepare('UPDATE settings SET value = ?, crc = ? WHERE name = ?');
    this.#putSnapshot = database.prepare(
      'INSERT INTO snapshot (id, seq, crc, bytes) VALUES (1, ?, ?, ?) ' +
        'ON CONFLICT (id) DO UPDATE ' +
        'SET seq = excluded.seq, crc = excluded.crc, bytes = excluded.bytes',
    );
    this.#commits = commits;
    this.#applied = applied;
    this.#copied = left.copied;
  }

  /**
   * Empties the log that a crash has left, then makes one empty transaction and a synced mark that
   * says "open". A disk that is full, read-only or broken shows now and not at the first message.
   */
  begin(): void {
    this.#checkpoints.run();
    this.#begin.run();
    this.#set('commits', this.#commits);
    this.#commit.run();
    this.#writeMark(false);
    this.#head.sync();
  }

  /** Performs a batch (T1). */
  perform(requests: readonly JournalRequest[]): SettledReply[] {
    if (!requests.some(({ kind }) => kind === 'commit')) {
      return requests.map((request) => this.#perform(request));
    }
    this.#begin.run();
    this.#written = 0;
    const appliedBefore = this.#applied;
    const replies = requests.map((request) => this.#perform(request));
    const spaces = this.#rows.settle();
    this.#commits += 1;
    this.#set('commits', this.#commits);
    if (this.#applied !== appliedBefore) this.#set('applied', this.#applied);
    this.#commit.run();
    this.#writeMark(false);
    this.#checkpoints.count(this.#written, spaces);
    return replies;
  }

  /** A copy of what is committed by then, while transactions go on. */
  backUp(
    source: Omit<BackupSource, 'database'>,
    directory: string,
  ): Promise<JournalFailure | null> {
    return backUp({ ...source, database: this.#database }, directory);
  }

  /** How much each space holds, step by step. */
  weigh(): Generator<void, ReadonlyMap<number, SpaceSize>> {
    return weigh(this.#database);
  }

  /** What may wait until the answers are out. */
  tidy(): void {
    if (this.#checkpoints.due) this.#checkpoints.run();
  }

  /** The head file has news that a loss of power would take. */
  get headUnsynced(): boolean {
    return this.#head.unsynced;
  }

  syncHead(): void {
    this.#head.sync();
  }

  /** Ends in order: everything in the database, no log left, and a synced mark that says so. */
  closeInOrder(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#database.close();
    this.#writeMark(true);
    this.#head.sync();
    this.#head.close();
  }

  /** Ends after a fault, or unfinished: the next opening will judge what is there. */
  abandon(): void {
    for (const file of [this.#database, this.#head]) {
      try {
        file.close();
      } catch {
        // Closed before, or as broken as what led here; the fault itself is what counts.
      }
    }
  }

  #perform(request: JournalRequest): SettledReply {
    switch (request.kind) {
      case 'commit':
        this.#write(request);
        return { kind: 'committed', head: this.#entries.end.seq };
      case 'read-entries':
        return { kind: 'entries', entries: this.#entries.read(request.after, request.maxBytes) };
      case 'read-rows': {
        const { space, after, upTo, maxBytes } = request;
        return { kind: 'rows', ...this.#rows.read(space, after, upTo, maxBytes) };
      }
      case 'read-rows-at': {
        const { space, seqs, maxBytes } = request;
        return { kind: 'rows', ...this.#rows.readAt(space, seqs, maxBytes) };
      }
      default: {
        const never: never = request;
        throw new TypeError(`unknown request ${JSON.stringify(never)}`);
      }
    }
  }

  #write(commit: JournalCommit): void {
    for (const entry of commit.entries) {
      this.#entries.append(entry);
      this.#written += entry.bytes.length + ITEM_OVERHEAD_BYTES;
    }
    if (commit.entries.length > 0) this.#copied = false;
    for (const row of commit.rows) {
      this.#rows.append(row);
      this.#written += row.bytes.length + ITEM_OVERHEAD_BYTES;
    }
    // After the rows: a group may receive and vanish within one commit.
    for (const space of commit.forget ?? []) this.#rows.forget(space);
    this.#applied = commit.applied;
    if (commit.snapshot === undefined) return;
    const { seq, bytes } = commit.snapshot;
    this.#putSnapshot.run(seq, snapshotChecksum(seq, bytes), bytes);
    this.#set('snapshot', seq);
    this.#written += bytes.length;
  }

  #set(name: SettingName, value: number): void {
    this.#putSetting.run(value, settingChecksum(name, value), name);
  }

  #writeMark(clean: boolean): void {
    const { seq, chain } = this.#entries.end;
    const copied = this.#copied;
    this.#head.write({ commits: this.#commits, seq, chain, clean: clean && !copied, copied });
  }
}
