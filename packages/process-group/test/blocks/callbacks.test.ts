/** What an application's callback throws is no fault of the state that is taken over, nor of who provides it. */
import { expect, test } from 'vitest';
import { decode } from '../../src/core/codec.ts';
import { Replicas } from '../../src/core/index.ts';
import { type Change, ReplicatedMap } from '../../src/index.ts';
import { driven, performed, processor } from '../scripted-host.ts';

const bob = processor(2);

/** The state of a group in which these were set. */
async function stateOf(entries: Readonly<Record<string, number>>): Promise<Replicas> {
  const scores = new ReplicatedMap<number>();
  const { host } = driven({ replicas: { scores } });
  await host.view('first', host.id);
  for (const [key, value] of Object.entries(entries)) {
    const set = scores.set(key, value);
    await performed();
    await host.echo();
    await set;
  }
  return new Replicas({ scores });
}

test('T3 a callback that throws when the state is there ends the membership, and no other provider is wanted', async () => {
  const cause = new Error('I cannot draw this.');
  const scores = new ReplicatedMap<number>(() => {
    throw cause;
  });
  const { host, driver } = driven({ replicas: { scores } });
  await host.view('joined', bob, host.id);
  await host.provide(bob, await stateOf({ ann: 7 }));
  await expect(driver.joined).rejects.toMatchObject({ code: 'group-replica', cause });
  expect(host.hasLeft).toBe(true);
  expect(host.sent.map(decode)).toMatchObject([{ kind: 'hello' }]);
});

test('B1 who comes back is told what the state of the others has changed, when all of it is there', async () => {
  const told: Change<number>[] = [];
  const scores = new ReplicatedMap<number>((change) => told.push(change));
  const { host, driver } = driven({ replicas: { scores } });
  await host.view('joined', bob, host.id);
  await host.provide(bob, await stateOf({ ann: 7, bob: 8 }));
  await driver.joined;
  told.length = 0;
  await host.exclude();
  await host.view('joined', bob, host.id);
  await host.provide(bob, await stateOf({ bob: 9 }));
  expect(told).toEqual([{ key: 'ann' }, { key: 'bob', value: 9 }]);
});
