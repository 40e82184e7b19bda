import { ORIGIN } from '@choir/protocol';
import { expect, test } from 'vitest';
import { LocalOrdering } from '../src/index.ts';
import { entriesOf, PromptJournal } from './prompt-journal.ts';

const payload = new Uint8Array([1, 2, 3]);

test('L1 seq goes on by one over all lives', () => {
  const journal = new PromptJournal();
  for (const me of ['x.1', 'x.2', 'x.3']) {
    const ordering = journal.openReady(me);
    for (let n = 1; n <= 5; n += 1) ordering.submit(n, payload);
    journal.exchange(ordering);
  }
  const all = journal.readAll(journal.openReady('x.4'));
  expect(all.map(({ at }) => at.seq)).toEqual(Array.from({ length: 19 }, (_, index) => index + 1));
  for (const [index, { previous }] of all.entries()) {
    expect(previous).toEqual(all[index - 1]?.at ?? ORIGIN);
  }
});

test('L2 an unclean opening starts an epoch, an orderly reopening continues it', () => {
  const journal = new PromptJournal();
  const epochs = [
    journal.openReady('x.1', 0, true),
    journal.openReady('x.2', 0, false),
    journal.openReady('x.3', 0, true),
    journal.openReady('x.4', 0, false),
  ].map((ordering) => ordering.status().head.epoch);
  expect(epochs).toEqual([1, 2, 2, 3]);
});

test('L2 a copy of a log begins an epoch that neither the original nor another copy begins', () => {
  const journal = new PromptJournal();
  journal.openReady('x.1');
  const original = { ...journal.contents.opened(false) };
  const epochs = [
    [original, 5_000],
    [{ ...original, copied: true }, 6_000],
    [{ ...original, copied: true }, 7_000],
    // A clock that was not set yet.
    [{ ...original, copied: true }, 0],
  ] as const;
  const begun = epochs.map(([opened, wallMs], index) => {
    const ordering = new LocalOrdering({ opened, me: `y.${index}` });
    for (const request of ordering.takeRequests(wallMs)) ordering.handle(journal.perform(request));
    const [announcement] = ordering.takeRequests(wallMs);
    if (announcement?.kind !== 'commit') throw new Error('nothing was announced');
    return announcement.entries.map(({ epoch }) => epoch);
  });
  expect(begun).toEqual([[2], [6_000], [7_000], [2]]);
});

test('L3 a life begins with members, and takes no submission before they are committed', () => {
  const journal = new PromptJournal();
  const first = journal.open('x.1');
  expect(first.submit(1, payload)).toBe('full');
  const announcement = first.takeRequests(5);
  expect(first.submit(1, payload)).toBe('full');
  journal.answer(first, announcement);
  expect(first.submit(1, payload)).toBe('queued');
  journal.exchange(first);
  // This life gets nothing committed, so it was never there.
  journal.exchange(journal.open('x.2'));
  const members = journal
    .readAll(journal.openReady('x.3'))
    .filter(({ kind }) => kind === 'members');
  expect(members).toMatchObject([
    { at: { epoch: 1, seq: 1 }, nodes: ['x.1'], gone: [] },
    { at: { epoch: 2, seq: 3 }, nodes: ['x.3'], gone: ['x.1'] },
  ]);
});

test('L3 a life that only announced itself is gone in the next', () => {
  const journal = new PromptJournal();
  journal.openReady('x.1');
  const head = journal.openReady('x.2');
  expect(journal.readAll(head).at(-1)).toMatchObject({ nodes: ['x.2'], gone: ['x.1'] });
});

test('L4 what is submitted can be read when its commit is acknowledged, and not before', () => {
  const journal = new PromptJournal();
  const ordering = journal.openReady('x.1');
  const { head } = ordering.status();
  ordering.submit(1, payload);
  const before = ordering.version;
  const requests = ordering.takeRequests(0);
  expect(ordering.read(head, 1_000)).toEqual({ kind: 'wait' });
  journal.answer(ordering, requests);
  expect(ordering.version).toBeGreaterThan(before);
  expect(entriesOf(ordering.read(head, 1_000))).toMatchObject([{ n: 1, bytes: payload }]);
});

test('L4 commits do not wait for each other, and are read as they are acknowledged', () => {
  const journal = new PromptJournal();
  const ordering = journal.openReady('x.1');
  const { head } = ordering.status();
  const requests = [1, 2, 3].flatMap((n) => {
    ordering.submit(n, payload);
    return ordering.takeRequests(0);
  });
  expect(requests).toHaveLength(3);
  journal.answer(ordering, requests.slice(0, 2));
  expect(entriesOf(ordering.read(head, 1_000))).toMatchObject([{ n: 1 }, { n: 2 }]);
});

test('L5 the first failure closes for good and says why; what is committed can still be read', () => {
  const journal = new PromptJournal();
  const ordering = journal.openReady('x.1');
  ordering.submit(1, payload);
  ordering.submit(2, payload);
  const failure = { code: 'DISK_FULL', message: 'The disk is full.' } as const;
  const requests = [...ordering.takeRequests(0)];
  ordering.submit(3, payload);
  requests.push(...ordering.takeRequests(0));
  for (const _ of requests) ordering.handle({ kind: 'failed', failure });
  expect(ordering.submit(4, payload)).toBe('closed');
  expect(ordering.takeRequests(0)).toEqual([]);
  expect(ordering.status()).toMatchObject({ writable: false, why: 'The disk is full.' });
  expect(entriesOf(ordering.read(ORIGIN, 1_000))).toMatchObject([{ kind: 'members' }]);
});

test('L5 an entry that cannot be read closes and is named', () => {
  const journal = new PromptJournal();
  journal.contents.apply({
    kind: 'commit',
    entries: [{ seq: 1, epoch: 1, bytes: new Uint8Array([99]) }],
    rows: [],
    applied: 0,
  });
  const ordering = journal.open('x.1');
  journal.exchange(ordering);
  expect(ordering.status().why).toContain('Entry 1 of the log cannot be read');
});

test('L5 a last entry other than the journal said closes', () => {
  const journal = new PromptJournal();
  journal.openReady('x.1');
  const opened = { ...journal.contents.opened(false), head: { seq: 1, epoch: 2 } };
  const ordering = new LocalOrdering({ opened, me: 'x.2' });
  journal.exchange(ordering);
  expect(ordering.submit(1, payload)).toBe('closed');
  expect(ordering.status().why).toContain('not where it should be');
});

test('O3 entries carry the time of their commit, and the latest so far if clocks go back', () => {
  const journal = new PromptJournal();
  const first = journal.openReady('x.1', 5_000);
  first.submit(1, payload);
  journal.exchange(first, 7_000.9);
  first.submit(2, payload);
  journal.exchange(first, 1_000);
  const second = journal.openReady('x.2', 2_000);
  second.submit(1, payload);
  journal.exchange(second, 8_000);
  const times = journal.readAll(second).map(({ time }) => time);
  expect(times).toEqual([5_000, 7_000, 7_000, 7_000, 8_000]);
});

test('O9 a position that is not in the log is a gap, one that is not reached yet waits', () => {
  const journal = new PromptJournal();
  journal.openReady('x.1');
  const ordering = journal.openReady('x.2');
  ordering.submit(1, payload);
  journal.exchange(ordering);
  const read = (epoch: number, seq: number) => {
    // The first life's entry is no longer in memory.
    if (ordering.read({ epoch, seq }, 1_000).kind === 'wait') journal.exchange(ordering);
    const result = ordering.read({ epoch, seq }, 1_000);
    return result.kind === 'entries' ? result.entries.length : result.kind;
  };
  expect([read(0, 0), read(1, 1), read(2, 2), read(2, 3)]).toEqual([3, 2, 1, 'wait']);
  expect(read(2, 9)).toBe('wait');
  // The first epoch ended at 1, the second began at 2, and there is no third.
  expect([read(1, 2), read(1, 3), read(2, 1), read(3, 9)]).toEqual(['gap', 'gap', 'gap', 'gap']);
});

test('a caller who miscounts, or lives twice, is told so', () => {
  const journal = new PromptJournal();
  const ordering = journal.openReady('x.1');
  expect(() => ordering.submit(2, payload)).toThrow(RangeError);
  expect(() => ordering.submit(1, new Uint8Array(16 * 1024 * 1024 + 1))).toThrow(RangeError);
  expect(() => ordering.keep({ at: { epoch: 1, seq: 2 }, bytes: payload })).toThrow(RangeError);
  expect(() => ordering.handle({ kind: 'committed', head: 1 })).toThrow('no request');
  expect(() => journal.openReady('x.1')).toThrow('has lived before');
});
