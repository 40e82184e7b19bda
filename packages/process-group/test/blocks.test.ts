import { expect, test } from 'vitest';
import { Election, FencedLocks, ReplicatedMap } from '../src/index.ts';
import { Ensemble, members, texts, timeout } from './ensemble.ts';

test('B1 what one sets in a map, all have, and who joins later', { timeout }, async () => {
  const ensemble = new Ensemble();
  const [one, two, three] = [new ReplicatedMap(), new ReplicatedMap(), new ReplicatedMap()];
  const ann = await ensemble.join('ann', { replicas: { scores: one } });
  await ensemble.join('bob', { replicas: { scores: two } });
  await members(ann, 2);
  await one.set('ann', { points: 7 });
  await one.set('\ufeffbob', [1, 2]);
  await one.set('gone', 1);
  expect(await two.read('ann')).toEqual({ value: { points: 7 }, version: 1 });
  expect(await two.delete('gone')).toBe(true);
  await ensemble.join('eve', { replicas: { scores: three } });
  expect(three.get('ann')).toEqual({ points: 7 });
  expect(three.get('\ufeffbob')).toEqual([1, 2]);
  expect(three.keys()).toEqual(['ann', '\ufeffbob']);
});

test('B1 of several who set an entry that is not there, one has set it', { timeout }, async () => {
  const ensemble = new Ensemble();
  const maps = [new ReplicatedMap<string>(), new ReplicatedMap<string>()];
  for (const [at, scores] of maps.entries())
    await ensemble.join(`m${at}`, { replicas: { scores } });
  const outcomes = await Promise.all(maps.map((map, at) => map.compareAndSet('king', 0, `m${at}`)));
  expect(outcomes.filter(({ applied }) => applied)).toHaveLength(1);
  expect(outcomes[0]?.entry).toEqual(outcomes[1]?.entry);
});

test('a value that is no JSON is refused', { timeout }, async () => {
  const scores = new ReplicatedMap<unknown>();
  await new Ensemble().join('ann', { replicas: { scores } });
  await expect(scores.set('me', undefined)).rejects.toMatchObject({ code: 'group-option' });
  await expect(scores.set('me', '\ud800')).resolves.toMatchObject({ version: 1 });
  expect(scores.get('me')).toBe('\ud800');
});

test('B2 one at a time holds a lock, in the order of asking, under growing fences', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const [one, two] = [new FencedLocks(), new FencedLocks()];
  const ann = await ensemble.join('ann', { replicas: { locks: one } });
  const bob = await ensemble.join('bob', { replicas: { locks: two } });
  const first = await one.acquire('printer');
  const waiting = two.acquire('printer');
  const order: string[] = [];
  const second = waiting.then((lock) => {
    order.push('bob has it');
    return lock;
  });
  await expect(one.acquire('printer', AbortSignal.timeout(100))).rejects.toThrow();
  order.push('ann gives it back');
  await first.release();
  expect((await second).fence).toBeGreaterThan(first.fence);
  expect(order).toEqual(['ann gives it back', 'bob has it']);
  expect(one.holder('printer')).toEqual(bob.self);
  await bob.leave();
  expect((await second).lost.aborted).toBe(true);
  expect((await one.acquire('printer')).fence).toBeGreaterThan((await second).fence);
  expect(one.holder('printer')).toEqual(ann.self);
});

test('B3 the first member leads; when it goes, the next does, in a later term', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const leaders: string[] = [];
  const two = new Election((leadership) => leaders.push(leadership?.leader.label ?? 'nobody'));
  const ann = await ensemble.join('ann', { replicas: { election: new Election() } });
  const bob = await ensemble.join('bob', { replicas: { election: two } });
  expect(two.leadership).toEqual({ leader: ann.self, term: 1 });
  await ann.leave();
  await members(bob, 1);
  expect(two.leadership?.term).toBe(3);
  expect(leaders).toEqual(['ann', 'bob']);
});

test('Q3 whoever reads the events may wait for a replica between them, however many come', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const scores = new ReplicatedMap<number>();
  const ann = await ensemble.join('ann', { replicas: { scores } });
  const bob = await ensemble.join('bob', { replicas: { scores: new ReplicatedMap() } });
  await members(ann, 2);
  const long = new Uint8Array(1024 * 1024);
  const flood = (async () => {
    for (let n = 0; n < 12; n += 1) await bob.multicast(long);
    await texts(bob, 12);
  })();
  let heard = 0;
  for await (const event of ann) {
    if (event.kind !== 'message') continue;
    heard += 1;
    await scores.set('heard', heard);
    if (heard === 12) break;
  }
  await flood;
  expect(scores.get('heard')).toBe(12);
});
