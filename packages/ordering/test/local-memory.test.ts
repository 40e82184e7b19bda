import { expect, test } from 'vitest';
import type { Ordered } from '../src/index.ts';
import { CatchUp, pagesMax } from '../src/local/catch-up.ts';
import { RecentWindow, windowBytesMax, windowEntriesMax } from '../src/local/recent-window.ts';

function entry(seq: number, bytes = 0): Ordered {
  const at = { epoch: 1, seq };
  const previous = { epoch: 1, seq: seq - 1 };
  return {
    kind: 'entry',
    at,
    previous,
    time: 0,
    source: 'x',
    n: seq,
    bytes: new Uint8Array(bytes),
  };
}

test('Q2 the window holds the newest entries, up to its number', () => {
  const window = new RecentWindow();
  const last = 3 * windowEntriesMax;
  for (let seq = 1; seq <= last; seq += 1) window.append(entry(seq));
  const first = last - windowEntriesMax + 1;
  expect(window.first).toBe(first);
  expect(window.covers(first - 1)).toBe(false);
  const held = window.from(first, Number.POSITIVE_INFINITY);
  expect(held.map(({ at }) => at.seq)).toEqual(held.map((_, index) => first + index));
  expect(held).toHaveLength(windowEntriesMax);
});

test('Q2 and up to its bytes, but always the last', () => {
  const window = new RecentWindow();
  for (let seq = 1; seq <= 40; seq += 1) window.append(entry(seq, windowBytesMax / 8));
  expect(window.first).toBe(34);
  window.append(entry(41, 2 * windowBytesMax));
  expect(window.from(41, 1)).toHaveLength(1);
  expect(window.covers(40)).toBe(false);
});

test('a read gives about as many bytes as asked, and at least one entry', () => {
  const window = new RecentWindow();
  for (let seq = 1; seq <= 10; seq += 1) window.append(entry(seq, 1_000));
  expect(window.from(3, 1)).toHaveLength(1);
  expect(window.from(3, 3_500)).toHaveLength(3);
  expect(window.from(11, 1_000)).toEqual([]);
});

test('U1 pages on their way are not given up; one that nobody fetched is', () => {
  const pages = new CatchUp();
  const wanted = Array.from({ length: pagesMax + 1 }, (_, index) => ({
    after: 100 * index,
    maxBytes: 1_000,
  }));
  for (const page of wanted) expect(pages.read(page, 10_000)).toBeNull();
  const asked = pages.takeRequests();
  expect(asked).toEqual(wanted.slice(0, pagesMax));
  for (const page of asked) pages.fill(page, [entry(page.after + 1)]);
  expect(pages.read({ after: 400, maxBytes: 1_000 }, 10_000)).toBeNull();
  expect(pages.takeRequests()).toEqual(wanted.slice(pagesMax));
  // The oldest made room; it is asked for again when its reader comes.
  expect(pages.read({ after: 300, maxBytes: 1_000 }, 10_000)).toHaveLength(1);
  expect(pages.read({ after: 0, maxBytes: 1_000 }, 10_000)).toBeNull();
});

test('U2 while a page is read the next is on its way, up to where memory takes over', () => {
  const pages = new CatchUp();
  const ask = (after: number) => pages.read({ after, maxBytes: 1_000 }, 4);
  ask(0);
  for (const page of pages.takeRequests()) pages.fill(page, [entry(1), entry(2)]);
  expect(ask(0)).toHaveLength(2);
  const ahead = pages.takeRequests();
  expect(ahead).toEqual([{ after: 2, maxBytes: 1_000 }]);
  for (const page of ahead) pages.fill(page, [entry(3)]);
  expect(ask(2)).toHaveLength(1);
  expect(pages.takeRequests()).toEqual([]);
});
