/** What a check tells of a journal that nobody has open; of damaged ones see damage.test.ts. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkJournal, type JournalEntry, openJournal } from '../src/index.ts';
import { filesIn } from '../src/sqlite/files.ts';
import { copyAsKilled, scratchDirectory } from './data-directory.ts';
import { readFiles } from './filled-journal.ts';

const entries: readonly JournalEntry[] = [1, 2, 3].map((seq) => ({
  seq,
  epoch: 1,
  bytes: new Uint8Array(seq),
}));

async function opened(directory: string) {
  const result = await openJournal({ directory });
  if (!result.ok) throw new Error(result.failure.message);
  return result.journal;
}

async function filled(directory: string) {
  const journal = await opened(directory);
  const rows = [{ space: 1, seq: 2, bytes: new Uint8Array(9) }];
  const commit = { kind: 'commit', entries, rows, applied: 2 } as const;
  await new Promise((resolve) => journal.request(commit, resolve));
  return journal;
}

const whole = { first: 1, head: { seq: 3, epoch: 1 }, complete: true, failure: null };

test('a journal that was closed, or killed, is whole, and is left as it was', async () => {
  const directory = scratchDirectory();
  const killed = scratchDirectory();
  const journal = await filled(directory);
  copyAsKilled(directory, killed);
  await journal.close();
  for (const each of [directory, killed]) {
    const before = readFiles(each);
    expect(checkJournal(each)).toEqual(whole);
    expect(readFiles(each)).toEqual(before);
  }
});

test('a journal that somebody has open is not looked at', async () => {
  const directory = scratchDirectory();
  const journal = await filled(directory);
  expect(checkJournal(directory)).toMatchObject({ failure: { code: 'IN_USE' } });
  await journal.close();
});

test('where no journal ever was there is none, and none is made', () => {
  const directory = scratchDirectory();
  expect(checkJournal(directory)).toBe(null);
  expect(checkJournal(join(directory, 'missing'))).toBe(null);
  expect(readdirSync(directory)).toEqual([]);
});

test('an empty journal is whole', async () => {
  const directory = scratchDirectory();
  await (await opened(directory)).close();
  expect(checkJournal(directory)).toEqual({ ...whole, first: 0, head: { seq: 0, epoch: 0 } });
});

test('rubbish in the lock file is left there', async () => {
  const directory = scratchDirectory();
  await (await filled(directory)).close();
  writeFileSync(filesIn(directory).lock, 'rubbish');
  const before = readFiles(directory);
  expect(checkJournal(directory)).toEqual(whole);
  expect(readFiles(directory)).toEqual(before);
});

test('what cannot be read for another reason is told by that', () => {
  const directory = scratchDirectory();
  mkdirSync(filesIn(directory).database);
  expect(checkJournal(directory)).toMatchObject({ failure: { code: 'DISK_ERROR' } });
});
