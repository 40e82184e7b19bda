import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backUpClosed, checkJournal, type Journal, openJournal } from '../src/index.ts';
import { scratchDirectory } from './data-directory.ts';

const payload = new Uint8Array(2_000).fill(7);

async function opened(directory: string) {
  const opening = await openJournal({ directory });
  if (!opening.ok) throw new Error(opening.failure.message);
  return opening;
}

function commit(journal: Journal, seq: number): Promise<void> {
  const entries = [{ seq, epoch: 1, bytes: payload }];
  const rows = [{ space: 1, seq, bytes: payload }];
  return new Promise((resolve, reject) => {
    journal.request({ kind: 'commit', entries, rows, applied: seq }, (reply) => {
      if (reply.kind === 'committed') resolve();
      else reject(new Error(reply.kind));
    });
  });
}

test('a copy made while commits go on is whole, has what was there before, and is not clean', async () => {
  const directory = scratchDirectory();
  const to = join(scratchDirectory(), 'copy');
  const { journal } = await opened(directory);
  let seq = 0;
  for (; seq < 1_500; ) await commit(journal, ++seq);
  const before = seq;
  let copied: unknown;
  const copying = journal.backup(to).then((failure) => {
    copied = failure;
  });
  while (copied === undefined) await commit(journal, ++seq);
  await copying;
  expect(copied).toBe(null);
  expect(seq).toBeGreaterThan(before);
  await journal.close();
  const check = checkJournal(to);
  expect(check).toMatchObject({ first: 1, complete: true, failure: null });
  expect(check?.head.seq).toBeGreaterThanOrEqual(before);
  const copy = await opened(to);
  expect(copy.opened.clean).toBe(false);
  await copy.journal.close();
  expect(checkJournal(directory)).toMatchObject({ head: { seq }, failure: null });
});

test('a copy of a journal that was closed in order is not clean either, and the original stays so', async () => {
  const directory = scratchDirectory();
  const to = join(scratchDirectory(), 'copy');
  const first = await opened(directory);
  await commit(first.journal, 1);
  await first.journal.close();
  expect(await backUpClosed(directory, to)).toBe(null);
  expect(checkJournal(to)).toMatchObject({ head: { seq: 1 }, complete: true, failure: null });
  const copy = await opened(to);
  expect(copy.opened).toMatchObject({ clean: false, head: { seq: 1 } });
  await copy.journal.close();
  const again = await opened(directory);
  expect(again.opened.clean).toBe(true);
  await again.journal.close();
});

test('a copy is one until an entry is stored in it, however often it is opened', async () => {
  const directory = scratchDirectory();
  const to = join(scratchDirectory(), 'copy');
  const { journal, opened: original } = await opened(directory);
  await commit(journal, 1);
  expect(await journal.backup(to)).toBe(null);
  await journal.close();
  const lives: boolean[] = [original.copied];
  for (const stored of [0, 0, 2, 0]) {
    const copy = await opened(to);
    lives.push(copy.opened.copied);
    if (stored > 0) await commit(copy.journal, stored);
    await copy.journal.close();
  }
  expect(lives).toEqual([false, true, true, true, false]);
});

test('nothing is overwritten, and the journal goes on', async () => {
  const to = scratchDirectory();
  writeFileSync(join(to, 'precious'), '');
  const { journal } = await opened(scratchDirectory());
  const message = expect.stringContaining('is not empty');
  expect(await journal.backup(to)).toMatchObject({ code: 'DISK_ERROR', message });
  expect(readdirSync(to)).toEqual(['precious']);
  const below = expect.stringContaining('could not be written');
  const file = join(to, 'precious', 'copy');
  expect(await journal.backup(file)).toMatchObject({ code: 'DISK_ERROR', message: below });
  await commit(journal, 1);
  await journal.close();
});

test('a close in the middle ends the copy, leaves no journal there, and closes in order', async () => {
  const directory = scratchDirectory();
  const to = join(scratchDirectory(), 'copy');
  const { journal } = await opened(directory);
  for (let seq = 1; seq <= 1_500; seq += 1) await commit(journal, seq);
  const copying = journal.backup(to);
  await journal.close();
  expect(await copying).toMatchObject({ code: 'CLOSED' });
  expect(checkJournal(to)).toBe(null);
  expect(checkJournal(directory)).toMatchObject({ head: { seq: 1_500 }, failure: null });
  const again = await opened(directory);
  expect(again.opened.clean).toBe(true);
  await again.journal.close();
});

test('a journal that was closed makes no copy', async () => {
  const { journal } = await opened(scratchDirectory());
  expect(await journal.backup(join(scratchDirectory(), 'a'))).toBe(null);
  await journal.close();
  expect(await journal.backup(join(scratchDirectory(), 'b'))).toMatchObject({ code: 'CLOSED' });
});
