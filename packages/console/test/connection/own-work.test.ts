import { ChoirError } from '@choir/client';
import { expect, test } from 'vitest';
import { linesOf } from '../../src/connection/absence.ts';
import { OwnWork } from '../../src/connection/own-work.ts';

function pending() {
  return Promise.withResolvers<void>();
}

const plan = { key: 'plan', label: 'Moved the note “Plan”' };
const words = (work: OwnWork): string[] => linesOf(work.tasks).map(({ words: line }) => line);

test('what takes effect without an interruption is not told', async () => {
  const work = new OwnWork(() => {});
  const outcome = pending();
  const tracked = work.track(plan, outcome.promise);
  expect(words(work)).toEqual(['Moved the note “Plan”: waits']);
  outcome.resolve();
  expect(await tracked).toBe(true);
  expect(work.tasks).toEqual([]);
});

test('what was done while away is told until it is dismissed', async () => {
  const work = new OwnWork(() => {});
  work.away();
  const [one, other] = [pending(), pending()];
  const tracked = [work.track(plan, one.promise), work.track(plan, other.promise)];
  expect(words(work)).toEqual(['Moved the note “Plan”: 2 changes wait']);
  work.back();
  one.resolve();
  other.resolve();
  await Promise.all(tracked);
  expect(words(work)).toEqual(['Moved the note “Plan”: in the group']);
  work.dismiss();
  expect(work.tasks).toEqual([]);
});

test('what was under way when the line was cut is told as well', async () => {
  const work = new OwnWork(() => {});
  const outcome = pending();
  const tracked = work.track(plan, outcome.promise);
  work.away();
  work.back();
  outcome.resolve();
  await tracked;
  expect(words(work)).toEqual(['Moved the note “Plan”: in the group']);
});

test('what had no effect is told with the reason, and can be done again', async () => {
  const work = new OwnWork(() => {});
  let again = 0;
  const failing = Promise.reject(new ChoirError('WITHDRAWN_CONFLICT', 'of the protocol'));
  expect(await work.track({ ...plan, again: () => (again += 1) }, failing)).toBe(false);
  expect(words(work)).toEqual([
    'Moved the note “Plan”: without effect. Your hold on it had run out, and somebody else has held it since.',
  ]);
  work.tasks[0]?.again?.();
  expect(again).toBe(1);
});

test('dismissing forgets nothing that waits', async () => {
  const work = new OwnWork(() => {});
  const outcome = pending();
  const tracked = work.track(plan, outcome.promise);
  work.dismiss();
  expect(words(work)).toEqual(['Moved the note “Plan”: waits']);
  outcome.resolve();
  await tracked;
});

test('a fault of the page is no outcome of its work', async () => {
  const work = new OwnWork(() => {});
  await expect(work.track(plan, Promise.reject(new TypeError('oops')))).rejects.toThrow('oops');
});
