/** B1: what is known of operations that an exclusion falls into. */
import { expect, test } from 'vitest';
import { Replicas } from '../../src/core/index.ts';
import { ReplicatedMap } from '../../src/index.ts';
import { driven, performed, processor } from '../scripted-host.ts';

const [self, bob] = [processor(1), processor(2)];

test('B1 an operation that was said before an exclusion is in doubt', async () => {
  const scores = new ReplicatedMap<number>();
  const { host } = driven({ replicas: { scores } });
  await host.view('first', self);
  const set = scores.set('ann', 7);
  set.catch(() => {});
  await performed();
  await host.exclude();
  await expect(set).rejects.toMatchObject({ code: 'group-excluded' });
});

test('B1 an operation for which there was no room before an exclusion takes effect after it, and its caller is told so', async () => {
  const scores = new ReplicatedMap<number>();
  const { host, driver } = driven({ replicas: { scores } });
  await host.view('first', self);
  host.isFull = true;
  driver.trySay((core) => core.multicast('talk', new Uint8Array(1), false));
  const set = scores.set('ann', 7);
  set.catch(() => {});
  await host.exclude();
  host.isFull = false;
  await host.view('joined', bob, host.id);
  await host.provide(bob, new Replicas({ scores: new ReplicatedMap<number>() }));
  await host.echo();
  expect(await set).toEqual({ value: 7, version: 1 });
  expect(scores.get('ann')).toBe(7);
});

test('B1 whoever sets a value is given what all have, and not what was passed', async () => {
  const scores = new ReplicatedMap<unknown>();
  const { host } = driven({ replicas: { scores } });
  await host.view('first', self);
  const passed = { left: undefined, number: Number.NaN, count: 1 };
  const set = scores.set('ann', passed);
  passed.count = 2;
  await performed();
  await host.echo();
  const stored = { number: null, count: 1 };
  expect((await set).value).toEqual(stored);
  expect(scores.get('ann')).toEqual(stored);
});
