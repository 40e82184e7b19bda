import { expect, test } from 'vitest';
import { type Journal, openJournal } from '../src/index.ts';
import { scratchDirectory } from './data-directory.ts';

async function opened(): Promise<Journal> {
  const opening = await openJournal({ directory: scratchDirectory() });
  if (!opening.ok) throw new Error(opening.failure.message);
  return opening.journal;
}

function commit(journal: Journal, seq: number, rows: readonly [space: number, bytes: number][]) {
  return new Promise<void>((resolve, reject) => {
    const request = {
      kind: 'commit',
      entries: [{ seq, epoch: 1, bytes: new Uint8Array(1) }],
      rows: rows.map(([space, bytes]) => ({ space, seq, bytes: new Uint8Array(bytes) })),
      applied: seq,
    } as const;
    journal.request(request, ({ kind }) => {
      if (kind === 'committed') resolve();
      else reject(new Error(kind));
    });
  });
}

test('the rows of each space are counted, in more steps than one, while commits go on', async () => {
  const journal = await opened();
  const spaces = 100;
  for (let seq = 1; seq <= 100; seq += 1) {
    const rows = Array.from({ length: spaces }, (_, space) => [space, 10] as [number, number]);
    await commit(journal, seq, rows);
  }
  const counting = Promise.all([journal.sizes(), journal.sizes()]);
  await commit(journal, 101, []);
  const [sizes, same] = await counting;
  expect(same).toEqual(sizes);
  expect(sizes?.size).toBe(spaces);
  for (const size of sizes?.values() ?? []) expect(size).toEqual({ rows: 100, bytes: 1_000 });
  await journal.close();
});

test('long rows count with all their bytes', async () => {
  const journal = await opened();
  await commit(journal, 1, [[1, 100_000]]);
  expect(await journal.sizes()).toEqual(new Map([[1, { rows: 1, bytes: 100_000 }]]));
  await journal.close();
});

test('a journal that ends answers nothing more', async () => {
  const journal = await opened();
  await commit(journal, 1, [[1, 1]]);
  const asked = journal.sizes();
  await journal.close();
  // Either it was counted before the end, or not at all.
  expect([null, 1]).toContainEqual((await asked)?.size ?? null);
  expect(await journal.sizes()).toBe(null);
});
