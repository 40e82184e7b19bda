/**
 * J5, C14 at the end of the write-ahead log. SQLite drops everything from the first damaged frame on
 * and says nothing. What nobody was told of may go that way; what was acknowledged may not.
 */
import { mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@choir/testkit';
import { expect, test } from 'vitest';
import { JournalFault } from '../src/sqlite/fault.ts';
import { filesIn } from '../src/sqlite/files.ts';
import { openStore } from '../src/sqlite/opening.ts';
import { copyAsKilled, scratchDirectory } from './data-directory.ts';
import { readFiles, type StoredFiles, writeFiles } from './filled-journal.ts';

const SEED = Number(process.env['CHOIR_SEED'] ?? 1);
const ACKNOWLEDGED = 100;

function commit(first: number, last: number) {
  const seqs = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const entries = seqs.map((seq) => ({ seq, epoch: 1, bytes: new Uint8Array(200).fill(seq) }));
  return { kind: 'commit', entries, rows: [], applied: 0 } as const;
}

/** A hundred commits of one entry each, and how long the log was after each. */
function hundredCommits(scratch: string): {
  files: StoredFiles;
  torn: StoredFiles;
  logEnds: number[];
} {
  const directory = join(scratch, 'owner');
  const { store, lock } = openStore(directory);
  const logEnds: number[] = [];
  for (let seq = 1; seq <= ACKNOWLEDGED; seq += 1) {
    store.perform([commit(seq, seq)]);
    logEnds.push(statSync(filesIn(directory).log).size);
  }
  copyAsKilled(directory, join(scratch, 'acknowledged'));
  // A last transaction of several pages, of which nobody hears: the head file is that of before.
  store.perform([commit(ACKNOWLEDGED + 1, ACKNOWLEDGED + 60)]);
  copyAsKilled(directory, join(scratch, 'more'));
  store.closeInOrder();
  lock.release();
  const files = readFiles(join(scratch, 'acknowledged'));
  const torn = new Map([...files, ...logOf(readFiles(join(scratch, 'more')))]);
  return { files, torn, logEnds };
}

function logOf(files: StoredFiles): [string, Buffer][] {
  return [...files].filter(([name]) => name === 'journal.db-wal');
}

function logIn(files: StoredFiles): Buffer {
  return Buffer.from(files.get('journal.db-wal') ?? []);
}

/** Where the journal ends after an opening, or the position that it refuses at. */
function openHead(
  scratch: string,
  files: StoredFiles,
  log: Buffer,
): number | { refusedAt: unknown } {
  const directory = join(scratch, 'opened');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  writeFiles(directory, new Map([...files, ['journal.db-wal', log]]));
  try {
    const { store, lock } = openStore(directory);
    store.abandon();
    lock.release();
    return store.opened.head.seq;
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    expect(error.failure.code).toBe('DAMAGED');
    return { refusedAt: error.failure.seq };
  }
}

test('a torn transaction that nobody was told of gives the longest valid prefix', {
  timeout: 60_000,
}, () => {
  const scratch = scratchDirectory();
  const { torn, logEnds } = hundredCommits(scratch);
  const random = new Random(SEED);
  const log = logIn(torn);
  const start = logEnds.at(-1) ?? 0;
  expect(log.length).toBeGreaterThan(start + 3 * 4096);
  const whole = ACKNOWLEDGED + 60;
  expect(openHead(scratch, torn, log)).toBe(whole);
  for (let round = 0; round < 40; round += 1) {
    const at = random.int(start, log.length - 1);
    expect(openHead(scratch, torn, log.subarray(0, at)), `seed ${SEED}, cut at ${at}`).toBe(
      ACKNOWLEDGED,
    );
    const flipped = Buffer.from(log);
    flipped[at] = (flipped[at] ?? 0) ^ 0x10;
    expect(openHead(scratch, torn, flipped), `seed ${SEED}, flip at ${at}`).toBe(ACKNOWLEDGED);
  }
});

test('a bit flipped in the log refuses the opening at exactly the entry it hit', {
  timeout: 60_000,
}, () => {
  const scratch = scratchDirectory();
  const { files, logEnds } = hundredCommits(scratch);
  const random = new Random(SEED);
  const log = logIn(files);
  expect(openHead(scratch, files, log)).toBe(ACKNOWLEDGED);
  for (let round = 0; round < 40; round += 1) {
    const at = random.int(logEnds[0] ?? 0, log.length - 1);
    const flipped = Buffer.from(log);
    flipped[at] = (flipped[at] ?? 0) ^ 0x10;
    const hit = logEnds.findIndex((end) => end > at) + 1;
    expect(openHead(scratch, files, flipped), `seed ${SEED}, flip at ${at}`).toEqual({
      refusedAt: hit,
    });
  }
});

test('a log that was cut, emptied or taken away is missed', () => {
  const scratch = scratchDirectory();
  const { files, logEnds } = hundredCommits(scratch);
  const log = logIn(files);
  expect(openHead(scratch, files, log.subarray(0, logEnds[49]))).toEqual({ refusedAt: 51 });
  expect(openHead(scratch, files, Buffer.alloc(0))).toEqual({ refusedAt: 1 });
  expect(openHead(scratch, files, Buffer.alloc(log.length))).toEqual({ refusedAt: 1 });
});

test('transactions without entries are missed too', () => {
  const scratch = scratchDirectory();
  const directory = join(scratch, 'owner');
  const { store, lock } = openStore(directory);
  store.perform([commit(1, 9)]);
  const before = statSync(filesIn(directory).log).size;
  store.perform([{ kind: 'commit', entries: [], rows: [], applied: 5 }]);
  copyAsKilled(directory, join(scratch, 'killed'));
  store.abandon();
  lock.release();
  const files = readFiles(join(scratch, 'killed'));
  expect(openHead(scratch, files, logIn(files).subarray(0, before))).toEqual({ refusedAt: 1 });
});

test("rubbish after the end of the log is nobody's loss", () => {
  const scratch = scratchDirectory();
  const { files } = hundredCommits(scratch);
  const rubbish = Buffer.from(new Random(SEED).bytes(10_000));
  expect(openHead(scratch, files, Buffer.concat([logIn(files), rubbish]))).toBe(ACKNOWLEDGED);
});

test('a database that was exchanged for an older copy is noticed', () => {
  const scratch = scratchDirectory();
  const directory = join(scratch, 'owner');
  const first = openStore(directory);
  first.store.perform([commit(1, 5)]);
  first.store.closeInOrder();
  first.lock.release();
  const older = readFiles(directory).get('journal.db') ?? Buffer.alloc(0);
  const second = openStore(directory);
  second.store.perform([commit(6, 9)]);
  second.store.closeInOrder();
  second.lock.release();
  writeFileSync(filesIn(directory).database, older);
  expect(() => openStore(directory)).toThrow(/damaged at position 6: entries up to 9/);
  truncateSync(filesIn(directory).database, 0);
  expect(() => openStore(directory)).toThrow(/damaged at position 1/);
});
