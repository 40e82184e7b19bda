import { expect, test } from 'vitest';
import { ReplicatedMap } from '../src/index.ts';
import { bytesOf, Ensemble, members, texts, timeout, until } from './ensemble.ts';

test('members join by name, and are told of each other', { timeout }, async () => {
  const ensemble = new Ensemble();
  const ann = await ensemble.join('ann');
  const bob = await ensemble.join('bob');
  const { view } = await until(ann, 'view', (event) => event.view.members.length === 2);
  expect(view.joined.map(({ label }) => label)).toEqual(['bob']);
  expect(bob.members).toEqual(ann.members);
  expect(bob.self?.label).toBe('bob');
  await bob.leave();
  const after = await until(ann, 'view');
  expect(after.view.left.map(({ label }) => label)).toEqual(['bob']);
});

test('what all say at once comes in one order, to everybody', { timeout }, async () => {
  const ensemble = new Ensemble();
  const groups = [
    await ensemble.join('ann'),
    await ensemble.join('bob'),
    await ensemble.join('eve'),
  ];
  await Promise.all(groups.map((group) => members(group, 3)));
  await Promise.all(
    groups.flatMap((group) =>
      Array.from({ length: 50 }, (_, n) =>
        group.multicast(bytesOf(`${n}`), { delivery: n % 2 === 0 ? 'agreed' : 'safe' }),
      ),
    ),
  );
  const [first, ...others] = await Promise.all(groups.map((group) => texts(group, 150)));
  for (const other of others) expect(other).toEqual(first);
});

test('M2 a message to one reaches that one alone, in the order', { timeout }, async () => {
  const ensemble = new Ensemble();
  const ann = await ensemble.join('ann');
  const bob = await ensemble.join('bob');
  const eve = await ensemble.join('eve');
  await members(ann, 3);
  const [, second] = ann.members;
  if (second === undefined) throw new Error('bob is not there');
  await ann.send(second, bytesOf('psst'));
  await ann.multicast(bytesOf('hello'));
  expect(await texts(bob, 2)).toEqual(['ann: psst', 'ann: hello']);
  expect(await texts(eve, 1)).toEqual(['ann: hello']);
});

test('several groups share a transport', { timeout }, async () => {
  const transport = await new Ensemble().transport();
  const one = await transport.join('one', { init: true });
  const two = await transport.join('two', { init: true });
  await one.multicast(bytesOf('to one'));
  await two.multicast(bytesOf('to two'));
  expect((await texts(one, 1))[0]).toContain('to one');
  expect((await texts(two, 1))[0]).toContain('to two');
});

test('M5 what is sent from within a view is delivered in it', { timeout }, async () => {
  const ensemble = new Ensemble();
  const ann = await ensemble.join('ann');
  const bob = await ensemble.join('bob');
  const { view } = await until(ann, 'view', (event) => event.view.members.length === 2);
  await ann.multicast(bytesOf(`welcome to view ${view.number}`));
  expect(await texts(bob, 1)).toEqual([`ann: welcome to view ${view.number}`]);
});

test('whoever joins without events is held up by none, and holds nobody up', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const scores = new ReplicatedMap<number>();
  const ann = await ensemble.join('ann', { replicas: { scores: new ReplicatedMap() } });
  const bob = await ensemble.join('bob', { replicas: { scores }, events: false });
  await members(ann, 2);
  const long = new Uint8Array(1024 ** 2);
  for (let n = 0; n < 60; n += 1) {
    await ann.multicast(long);
    await texts(ann, 1);
  }
  await scores.set('heard', 60);
  expect(bob.members).toEqual(ann.members);
  await expect(until(bob, 'message')).rejects.toMatchObject({ code: 'group-option' });
});
