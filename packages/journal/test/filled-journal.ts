/** Journals with known contents, to be damaged. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '@choir/testkit';
import type { JournalCommit, JournalEntry, JournalRow, JournalSnapshot } from '../src/index.ts';
import { openStore } from '../src/sqlite/opening.ts';
import { PAGE_BYTES } from '../src/sqlite/tables.ts';
import { copyAsKilled } from './data-directory.ts';

export const SPACES = 5;
const TRANSACTIONS_PER_LIFE = 30;

export class Acknowledged {
  readonly entries: JournalEntry[] = [];
  rows: JournalRow[] = [];
  snapshot: JournalSnapshot | null = null;

  add(commit: JournalCommit): void {
    this.entries.push(...commit.entries);
    this.rows.push(...commit.rows);
    this.rows = this.rows.filter(({ space }) => !commit.forget?.includes(space));
    this.snapshot = commit.snapshot ?? this.snapshot;
  }
}

export type StoredFiles = ReadonlyMap<string, Buffer>;

export type FilledJournal = {
  readonly name: string;
  readonly files: StoredFiles;
  readonly acknowledged: Acknowledged;
};

/**
 * The same contents in four states of the files: killed in its first life, with nearly everything
 * in the log; killed in its second, with one half in the database and one in the log; killed in the
 * middle of a checkpoint, with some pages in both; and closed, without a log.
 */
export function fillJournals(scratch: string, random: Random): FilledJournal[] {
  const acknowledged = new Acknowledged();
  const first = live(join(scratch, 'first'), join(scratch, 'first-killed'), acknowledged, random);
  const young = { name: 'young', files: first.killed, acknowledged: copyOf(acknowledged) };

  const second = live(join(scratch, 'first-killed'), join(scratch, 'second'), acknowledged, random);
  return [
    young,
    { name: 'killed', files: second.killed, acknowledged },
    { name: 'copying', files: halfCopied(second.killed, second.closed, random), acknowledged },
    { name: 'closed', files: second.closed, acknowledged },
  ];
}

export function copyOf({ entries, rows, snapshot }: Acknowledged): Acknowledged {
  return Object.assign(new Acknowledged(), { entries: [...entries], rows: [...rows], snapshot });
}

function live(directory: string, killed: string, acknowledged: Acknowledged, random: Random) {
  const { store, lock } = openStore(directory);
  for (let transaction = 0; transaction < TRANSACTIONS_PER_LIFE; transaction += 1) {
    const commit = drawCommit(acknowledged.entries.length, transaction, random);
    store.perform([commit]);
    acknowledged.add(commit);
  }
  copyAsKilled(directory, killed);
  store.closeInOrder();
  lock.release();
  return { killed: readFiles(killed), closed: readFiles(directory) };
}

export function drawCommit(head: number, transaction: number, random: Random): JournalCommit {
  const entries = Array.from({ length: random.int(1, 6) }, (_, index) => ({
    seq: head + index + 1,
    epoch: 1 + Math.floor(head / 100),
    bytes: drawBytes(random),
  }));
  const rows = entries
    .filter(() => random.chance(0.8))
    .map(({ seq }) => ({ space: random.int(1, SPACES), seq, bytes: drawBytes(random) }));
  const forget = transaction === 20 ? [SPACES] : [];
  const applied = head + entries.length;
  const commit = { kind: 'commit', entries, rows, applied, forget } as const;
  if (transaction % 9 > 0) return commit;
  return { ...commit, snapshot: { seq: applied, bytes: random.bytes(random.int(0, 9_000)) } };
}

function drawBytes(random: Random): Uint8Array {
  return random.bytes(random.chance(0.05) ? random.int(3_000, 12_000) : random.int(0, 300));
}

/** Some pages of the database as after the checkpoint, the others as before, and the whole log. */
function halfCopied(before: StoredFiles, after: StoredFiles, random: Random): StoredFiles {
  const [old, copied] = [before.get('journal.db'), after.get('journal.db')];
  if (old === undefined || copied === undefined) throw new Error('a database is missing');
  const mixed = Buffer.alloc(copied.length);
  old.copy(mixed);
  for (let at = 0; at < copied.length; at += PAGE_BYTES) {
    if (random.chance(0.5)) copied.copy(mixed, at, at, at + PAGE_BYTES);
  }
  return new Map([...before, ['journal.db', mixed]]);
}

export function readFiles(directory: string): StoredFiles {
  const names = readdirSync(directory).sort();
  return new Map(names.map((name) => [name, readFileSync(join(directory, name))]));
}

export function writeFiles(directory: string, files: StoredFiles): void {
  for (const [name, bytes] of files) writeFileSync(join(directory, name), bytes);
}
