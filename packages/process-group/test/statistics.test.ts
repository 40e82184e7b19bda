import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { type ProcessGroup, ReplicatedMap } from '../src/index.ts';
import {
  decodeStatistics,
  encodeStatistics,
  type MemberStatistics,
} from '../src/statistics/member-statistics.ts';
import { bytesOf, Ensemble, members, texts, timeout } from './ensemble.ts';

const statistics: MemberStatistics = {
  host: 'a.example',
  pid: 4711,
  joinedAt: 1_795_269_687_000,
  view: 3,
  members: 2,
  observer: false,
  sentMessages: 5,
  deliveredMessages: 9,
  sentBytes: 1_000,
  receivedBytes: 2_000,
  retransmissions: 1,
  waitingMessages: 0,
  exclusions: 0,
};

test('O2 every member tells its statistics, though no application answers requests', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const before = Date.now();
  const ann = await ensemble.join('ann');
  const bob = await ensemble.join('bob');
  await members(ann, 2);
  for (const text of ['one', 'two', 'three']) await ann.multicast(bytesOf(text));
  await texts(bob, 3);
  const [first, second] = await bob.statistics();
  expect(first).toMatchObject({
    kind: 'answered',
    member: { label: 'ann' },
    statistics: { host: hostname(), pid: process.pid, view: 2, members: 2, observer: false },
  });
  if (first?.kind !== 'answered' || second?.kind !== 'answered') throw new Error('no answer');
  expect(first.statistics.joinedAt).toBeGreaterThanOrEqual(before);
  expect(first.statistics.sentMessages).toBeGreaterThanOrEqual(3);
  expect(second.statistics.deliveredMessages).toBeGreaterThanOrEqual(3);
  expect(second.statistics.receivedBytes).toBeGreaterThan(0);
});

test("O1 channels that begin with choir/ are the toolkit's", { timeout }, async () => {
  const ensemble = new Ensemble();
  const ann = await ensemble.join('ann', { answer: () => bytesOf('mine') });
  const channel = 'choir/statistics';
  const refused = expect.objectContaining({
    code: 'group-option',
    message: expect.stringContaining('choose another name'),
  });
  const bytes = bytesOf('hello');
  await expect(ann.multicast(bytes, { channel })).rejects.toEqual(refused);
  expect(() => ann.tryMulticast(bytes, { channel })).toThrow(refused);
  await expect(ann.send([], bytes, { channel })).rejects.toEqual(refused);
  await expect(ann.request(bytes, { channel })).rejects.toEqual(refused);
  const replicas = { 'choir/map': new ReplicatedMap() };
  await expect(ensemble.join('bob', { replicas })).rejects.toEqual(refused);
});

test('O3 an observer comes in whatever the state is, and gives none to others', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const scores = new ReplicatedMap<number>();
  const ann = await ensemble.join('ann', { replicas: { scores } });
  await scores.set('x', 1);
  const observer = await ensemble.join('observer', { observer: true });
  expect(await observes(observer)).toEqual(['ann false', 'observer true']);
  const copy = new ReplicatedMap<number>();
  await ensemble.join('bob', { replicas: { scores: copy } });
  expect(copy.get('x')).toBe(1);
  await ann.leave();
  await members(observer, 2);
  // The observer is the older of those who are left, and bob provides.
  const another = new ReplicatedMap<number>();
  await ensemble.join('eve', { replicas: { scores: another } });
  expect(another.get('x')).toBe(1);
});

test('O3 an observer neither makes a group nor has replicas', { timeout }, async () => {
  const transport = await new Ensemble().transport();
  const code = { code: 'group-option' };
  await expect(transport.join('a', { observer: true, init: true })).rejects.toMatchObject(code);
  const replicas = { scores: new ReplicatedMap() };
  await expect(transport.join('a', { observer: true, replicas })).rejects.toMatchObject(code);
});

test('O2 statistics are read as they were written, and what is new in them is passed over', () => {
  expect(decodeStatistics(encodeStatistics(statistics))).toEqual(statistics);
  expect(decodeStatistics(bytesOf(JSON.stringify({ ...statistics, news: [] })))).toEqual(
    statistics,
  );
  const long = encodeStatistics({ ...statistics, host: '😀'.repeat(1_000) });
  expect(decodeStatistics(long)?.host).toHaveLength(255);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['no object', 'null'],
  ['a list', '[]'],
  ['a count below zero', JSON.stringify({ ...statistics, pid: -1 })],
  ['a count that is text', JSON.stringify({ ...statistics, view: '3' })],
  ['a count that is too large', JSON.stringify({ ...statistics, sentBytes: 2 ** 53 })],
  ['a missing count', JSON.stringify({ ...statistics, members: undefined })],
  ['a host that is none', JSON.stringify({ ...statistics, host: 7 })],
  ['a long host', JSON.stringify({ ...statistics, host: 'x'.repeat(256) })],
  ['more than 4 KiB', JSON.stringify({ ...statistics, news: 'x'.repeat(4_096) })],
])('O2 %s is no statistics', (_what, text) => {
  expect(decodeStatistics(bytesOf(text))).toBe(null);
});

async function observes(group: ProcessGroup): Promise<readonly string[]> {
  const replies = await group.statistics();
  return replies.map((reply) =>
    reply.kind === 'answered'
      ? `${reply.member.label} ${reply.statistics.observer}`
      : `${reply.member.label} ${reply.kind}`,
  );
}
