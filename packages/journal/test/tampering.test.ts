/**
 * Damage that leaves every remaining row and page in good order, as a lost write or a mixed-up copy
 * does, and as random bit flips hardly ever do. Each is made with SQLite's own means, and must be
 * caught by exactly the link or check that is there for it.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { JournalCommit, JournalRequest } from '../src/index.ts';
import { filesIn } from '../src/sqlite/files.ts';
import { openStore } from '../src/sqlite/opening.ts';
import { PAGE_BYTES } from '../src/sqlite/tables.ts';
import { scratchDirectory } from './data-directory.ts';

const END = Number.MAX_SAFE_INTEGER;

function perform(directory: string, requests: readonly JournalRequest[]) {
  const { store, lock } = openStore(directory);
  try {
    return store.perform(requests);
  } finally {
    store.closeInOrder();
    lock.release();
  }
}

/** Twelve entries; rows of space 1 at 2, 4, … 12, of space 2 at 3. */
function commits(fill: number): JournalCommit[] {
  const bytes = new Uint8Array(50).fill(fill);
  const entries = Array.from({ length: 12 }, (_, index) => ({ seq: index + 1, epoch: 1, bytes }));
  const even = [2, 4, 6, 8, 10, 12].map((seq) => ({ space: 1, seq, bytes }));
  const rows = [...even, { space: 2, seq: 3, bytes }];
  const snapshot = { seq: 12, bytes: new Uint8Array(100_000).fill(fill) };
  return [{ kind: 'commit', entries, rows, applied: 12, snapshot }];
}

function closedJournal(fill = 1): string {
  const directory = scratchDirectory();
  perform(directory, commits(fill));
  return directory;
}

function tamper(directory: string, sql: string): void {
  const database = new DatabaseSync(filesIn(directory).database);
  database.exec(sql);
  database.close();
}

function readSpace(space: number, after = 0, upTo = END): JournalRequest {
  return { kind: 'read-rows', space, after, upTo, maxBytes: END };
}

function readAt(space: number, seq: number): JournalRequest {
  return { kind: 'read-rows-at', space, seqs: [seq], maxBytes: 1 << 20 };
}

test.for([
  ['in the middle', 'DELETE FROM rows WHERE space = 1 AND seq = 6', 6],
  ['at the start', 'DELETE FROM rows WHERE space = 1 AND seq = 2', 2],
  ['at the end', 'DELETE FROM rows WHERE space = 1 AND seq = 12', 12],
  ['all of them', 'DELETE FROM rows WHERE space = 1', 6],
] as const)('rows that vanished %s are missed by whoever reads there', ([, sql, seq]) => {
  const directory = closedJournal();
  tamper(directory, sql);
  expect(() => perform(directory, [readSpace(1)])).toThrow(/^DAMAGED/);
  expect(() => perform(directory, [readAt(1, seq)])).toThrow(/^DAMAGED/);
  // Others do not suffer, nor does who reads elsewhere in the space.
  const [other] = perform(directory, [readSpace(2)]);
  expect(other).toMatchObject({ rows: [{ seq: 3 }], done: true });
});

test('a range beside a vanished row is read in peace', () => {
  const directory = closedJournal();
  tamper(directory, 'DELETE FROM rows WHERE space = 1 AND seq = 6');
  const replies = perform(directory, [readSpace(1, 0, 4), readSpace(1, 8)]);
  expect(replies).toMatchObject([
    { rows: [{ seq: 2 }, { seq: 4 }], done: true },
    { rows: [{ seq: 10 }, { seq: 12 }], done: true },
  ]);
});

test('a space whose end is not recorded, or recorded wrongly, is not read to its end', () => {
  for (const sql of ['DELETE FROM tails', 'UPDATE tails SET last = last - 2']) {
    const directory = closedJournal();
    tamper(directory, sql);
    expect(() => perform(directory, [readSpace(1)]), sql).toThrow(/^DAMAGED/);
  }
});

test('rows that changed places are not taken for each other', () => {
  const directory = closedJournal();
  tamper(directory, 'DELETE FROM rows WHERE space = 2; UPDATE rows SET space = 2 WHERE seq = 2');
  expect(() => perform(directory, [readSpace(2)])).toThrow(/^DAMAGED/);
});

test('an entry or a snapshot that vanished refuses the opening', () => {
  for (const [sql, position] of [
    ['DELETE FROM entries WHERE seq = 12', 12],
    ['DELETE FROM entries WHERE seq = 7', 7],
    ['DELETE FROM entries WHERE seq = 1', 1],
    ['DELETE FROM snapshot', 12],
    ["DELETE FROM settings WHERE name = 'applied'", undefined],
    ['CREATE INDEX fast ON rows (seq)', undefined],
  ] as const) {
    const directory = closedJournal();
    tamper(directory, sql);
    const where = position === undefined ? ':' : ` at position ${position}:`;
    expect(() => openStore(directory), sql).toThrow(`DAMAGED: The journal is damaged${where}`);
  }
});

test('an older snapshot in the place of the newest is not taken for it', () => {
  const directory = closedJournal();
  const path = filesIn(directory).database;
  const database = new DatabaseSync(path);
  const older = database.prepare('SELECT seq, crc, bytes FROM snapshot').get();
  database.close();
  const snapshot = { seq: 13, bytes: new Uint8Array(9) };
  const entries = [{ seq: 13, epoch: 1, bytes: new Uint8Array(1) }];
  perform(directory, [{ kind: 'commit', entries, rows: [], applied: 13, snapshot }]);
  const later = new DatabaseSync(path);
  const { seq = 0, crc = 0, bytes = 0 } = older ?? {};
  later.prepare('UPDATE snapshot SET seq = ?, crc = ?, bytes = ?').run(seq, crc, bytes);
  later.close();
  expect(() => openStore(directory)).toThrow(/damaged at position 13: the snapshot does not match/);
});

test('the database of another journal of the same length is not taken for this one', () => {
  const [mine, other] = [closedJournal(1), closedJournal(2)];
  copyFileSync(filesIn(other).database, filesIn(mine).database);
  expect(() => openStore(mine)).toThrow(/damaged at position 12: .*not the log that the head file/);
});

test('a page in use that is also listed as free refuses the opening', () => {
  const directory = closedJournal();
  // A smaller snapshot gives the pages of the larger one back.
  const snapshot = { seq: 12, bytes: new Uint8Array(1) };
  perform(directory, [{ kind: 'commit', entries: [], rows: [], applied: 12, snapshot }]);
  const path = filesIn(directory).database;
  const bytes = readFileSync(path);
  const trunk = bytes.readUInt32BE(32);
  expect(trunk).toBeGreaterThan(0);
  // The first page number on the list of free pages becomes that of the entries.
  bytes.writeUInt32BE(2, (trunk - 1) * PAGE_BYTES + 8);
  writeFileSync(path, bytes);
  expect(() => openStore(directory)).toThrow(
    /SQLite's check says .*; all entries up to 12 are whole/,
  );
});
