/** The head file: what its slots say, and what the loss of one or both leads to. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { settingChecksum } from '../src/sqlite/checksum.ts';
import { filesIn } from '../src/sqlite/files.ts';
import { createHeadFile, HeadFile, readHeadFile } from '../src/sqlite/head-file.ts';
import { openStore } from '../src/sqlite/opening.ts';
import { scratchDirectory } from './data-directory.ts';
import { readFiles, type StoredFiles, writeFiles } from './filled-journal.ts';

const SLOT_DISTANCE_BYTES = 4096;

const commit = {
  kind: 'commit',
  entries: [1, 2, 3].map((seq) => ({ seq, epoch: 1, bytes: new Uint8Array(10) })),
  rows: [],
  applied: 0,
} as const;

/** The files of a journal with three entries, closed in order. */
function closedFiles(): StoredFiles {
  const directory = scratchDirectory();
  const { store, lock } = openStore(directory);
  store.perform([commit]);
  store.closeInOrder();
  lock.release();
  return readFiles(directory);
}

function open(files: StoredFiles) {
  const directory = join(scratchDirectory(), 'journal');
  mkdirSync(directory);
  writeFiles(directory, files);
  const { store, lock } = openStore(directory);
  store.abandon();
  lock.release();
  return store.opened;
}

function withHead(files: StoredFiles, change: (head: Buffer) => void): StoredFiles {
  const head = Buffer.from(files.get('journal.head') ?? []);
  change(head);
  return new Map([...files, ['journal.head', head]]);
}

test('marks alternate between the slots, and the newest valid one counts', () => {
  const path = join(scratchDirectory(), 'head');
  createHeadFile(path);
  const file = new HeadFile(path, 1);
  for (let commits = 1; commits <= 5; commits += 1) {
    const left = { clean: false, copied: false };
    const mark = { commits, seq: commits * 10, chain: 4_000_000_000 + commits, ...left };
    file.write(mark);
    expect(readHeadFile(path)).toEqual({ kind: 'read', mark, turn: commits + 1, whole: true });
  }
  file.close();
});

test('one lost slot costs cleanliness and nothing else', () => {
  const files = closedFiles();
  expect(open(files)).toMatchObject({ head: { seq: 3 }, clean: true });
  for (const at of [20, SLOT_DISTANCE_BYTES + 20]) {
    const damaged = withHead(files, (head) => head.fill(0xff, at, at + 8));
    expect(open(damaged), `slot at ${at}`).toMatchObject({ head: { seq: 3 }, clean: false });
  }
});

test('without any mark the journal is refused behind its last entry', () => {
  const files = closedFiles();
  const unreadable = /damaged at position 4: its head file is unreadable/;
  expect(() => open(withHead(files, (head) => head.fill(0)))).toThrow(unreadable);
  const missing = new Map(files);
  missing.delete('journal.head');
  expect(() => open(missing)).toThrow(unreadable);
});

test('the database missing, alone or with its head file torn, is not an empty journal', () => {
  const files = new Map(closedFiles());
  files.delete('journal.db');
  expect(() => open(files)).toThrow(/damaged at position 1: journal.db is missing/);
  expect(() => open(withHead(files, (head) => head.fill(0)))).toThrow(/journal.db is missing/);
});

test('a crash in the middle of making a journal leaves one that can be made', () => {
  const directory = scratchDirectory();
  const files = filesIn(directory);
  createHeadFile(files.head);
  writeFiles(directory, new Map([['journal.new', Buffer.from('half made')]]));
  const { store, lock } = openStore(directory);
  expect(store.opened).toMatchObject({ head: { seq: 0 }, clean: false });
  store.abandon();
  lock.release();
});

test('a journal of a newer format is left to the version that knows it', () => {
  const directory = scratchDirectory();
  const { store, lock } = openStore(directory);
  store.closeInOrder();
  lock.release();
  const database = new DatabaseSync(filesIn(directory).database);
  const set = database.prepare("UPDATE settings SET value = ?, crc = ? WHERE name = 'format'");
  set.run(99, settingChecksum('format', 99));
  database.close();
  rmSync(filesIn(directory).log, { force: true });
  expect(() => openStore(directory)).toThrow(/^FORMAT: The journal has format 99/);
});
