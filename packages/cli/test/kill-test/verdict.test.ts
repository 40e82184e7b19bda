import { expect, test } from 'vitest';
import { isClean, judge, type Told } from './verdict.ts';

const log: readonly Told[] = ['a', 'b', 'c', 'd'].map((data, index) => ({
  globalId: 10 + 2 * index,
  epoch: index < 2 ? 1 : 2,
  data,
}));

test('all acknowledged, all in the log, each once', () => {
  const verdict = judge(4, log, log.slice(1, 3), log);
  expect(isClean(verdict)).toBe(true);
});

test('an acknowledged message that is not in the log is lost', () => {
  expect(judge(4, log, [], log.toSpliced(2, 1)).lost).toEqual([log[2]]);
});

test('a delivered message that is not in the log is lost', () => {
  expect(judge(3, log.slice(1), log, log.slice(1)).lost).toEqual([log[0]]);
});

test('a message that moved to another place is lost', () => {
  const moved = log.map((each) => (each.data === 'd' ? { ...each, globalId: 20 } : each));
  expect(judge(4, log, [], moved).lost).toEqual([log[3]]);
});

test('a message that is in the log twice is doubled', () => {
  expect(judge(4, log, [], [...log, { globalId: 30, epoch: 2, data: 'a' }]).doubled).toEqual(['a']);
});

test('a global id that named another message before is reused', () => {
  const before = [{ globalId: 16, epoch: 1, data: 'x' }];
  expect(judge(5, log, before, log).reused).toEqual([16]);
});

test('a log that goes back is a reuse', () => {
  expect(judge(4, log, [], log.toReversed()).reused).toEqual([14, 12, 10]);
});

test('what was handed over and never acknowledged is counted', () => {
  expect(judge(5, log, [], log).unacknowledged).toBe(1);
});
