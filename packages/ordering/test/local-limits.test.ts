import { ORIGIN } from '@choir/protocol';
import { expect, test } from 'vitest';
import { pagesMax } from '../src/local/catch-up.ts';
import { unsettledBytesMax, unsettledEntriesMax } from '../src/local/unsettled.ts';
import { PromptJournal } from './prompt-journal.ts';

const payload = new Uint8Array(20);

test('O8 full takes nothing, and the same number is taken after the next commit', () => {
  const journal = new PromptJournal();
  const ordering = journal.openReady('x.1');
  let n = 1;
  while (ordering.submit(n, payload) === 'queued') n += 1;
  expect(n).toBe(unsettledEntriesMax + 1);
  expect(ordering.submit(n, payload)).toBe('full');
  const requests = ordering.takeRequests(0);
  expect(ordering.submit(n, payload)).toBe('full');
  journal.answer(ordering, requests);
  expect(ordering.submit(n, payload)).toBe('queued');
});

test('O8 bytes are bounded too, but the largest submission is taken when nothing else waits', () => {
  const journal = new PromptJournal();
  const ordering = journal.openReady('x.1');
  const large = new Uint8Array(unsettledBytesMax / 2);
  expect(ordering.submit(1, large)).toBe('queued');
  expect(ordering.submit(2, large)).toBe('full');
  expect(ordering.submit(2, payload)).toBe('queued');
  journal.exchange(ordering);
  expect(ordering.submit(3, payload)).toBe('queued');
  expect(ordering.submit(4, large)).toBe('queued');
});

test('O9 what is older than memory comes from the journal, in order, each once', () => {
  const journal = new PromptJournal();
  const ordering = journal.openReady('x.1');
  let n = 0;
  for (let batch = 0; batch < 10; batch += 1) {
    for (let count = 0; count < 4_000; count += 1) ordering.submit(++n, payload);
    journal.exchange(ordering);
  }
  for (const reader of [ordering, journal.openReady('x.2')]) {
    const all = journal.readAll(reader, 100_000);
    expect(all.map(({ at }) => at.seq)).toEqual(all.map((_, index) => index + 1));
    expect(all.length).toBe(reader.status().head.seq);
  }
});

test('O9 many slow readers share a bounded number of pages, and all come to the end', () => {
  const journal = new PromptJournal();
  const first = journal.openReady('x.1');
  for (let n = 1; n <= 500; n += 1) first.submit(n, payload);
  journal.exchange(first);
  const ordering = journal.openReady('x.2');
  const head = ordering.status().head.seq;
  const cursors = Array.from({ length: 10 }, () => ORIGIN);
  for (let turn = 0; turn < 2_000; turn += 1) {
    for (const [reader, after] of cursors.entries()) {
      const result = ordering.read(after, 700 + reader);
      if (result.kind === 'entries') cursors[reader] = result.entries.at(-1)?.at ?? after;
    }
    const requests = ordering.takeRequests(0);
    expect(requests.length).toBeLessThanOrEqual(pagesMax);
    journal.answer(ordering, requests);
  }
  expect(cursors.map(({ seq }) => seq)).toEqual(cursors.map(() => head));
});

test('a snapshot goes into the next commit and is there in the next life', () => {
  const journal = new PromptJournal();
  journal.openReady('x.0');
  const first = journal.openReady('x.1');
  first.submit(1, payload);
  journal.exchange(first);
  const state = new Uint8Array([9, 9]);
  first.keep({ at: { epoch: 2, seq: 2 }, bytes: payload });
  first.keep({ at: { epoch: 2, seq: 3 }, bytes: state });
  first.keep({ at: { epoch: 1, seq: 1 }, bytes: payload });
  expect(first.snapshot()).toBeNull();
  journal.exchange(first);
  expect(first.snapshot()).toEqual({ at: { epoch: 2, seq: 3 }, bytes: state });
  const second = journal.openReady('x.2');
  expect(second.snapshot()).toEqual({ at: { epoch: 2, seq: 3 }, bytes: state });
  expect(second.status().floor).toEqual(ORIGIN);
});

test('commits repeat how far the host has applied, and it cannot go back', () => {
  const journal = new PromptJournal();
  const ordering = journal.openReady('x.1');
  ordering.submit(1, payload);
  journal.exchange(ordering);
  ordering.appliedTo(2);
  ordering.submit(2, payload);
  expect(ordering.takeRequests(0)).toMatchObject([{ kind: 'commit', applied: 2 }]);
  expect(() => ordering.appliedTo(1)).toThrow(RangeError);
});
