/** T4, P3: replicas that were in a group that is over, and are given to one that is made anew. */
import { expect, test } from 'vitest';
import type { Block } from '../../src/blocks/block.ts';
import { encodeLockOperation } from '../../src/core/index.ts';
import {
  type Change,
  Connections,
  FencedLocks,
  ReplicatedMap,
  type ServiceRequest,
} from '../../src/index.ts';
import { driven, name, performed, processor, type ScriptedHost } from '../scripted-host.ts';

const bob = processor(2);

/** In a group that this process has made. */
async function founded(replica: Block): Promise<ReturnType<typeof driven>> {
  const group = driven({ replicas: { replica } });
  await group.host.view('first', group.host.id);
  return group;
}

async function heard<Outcome>(host: ScriptedHost, outcome: Promise<Outcome>): Promise<Outcome> {
  outcome.catch(() => {});
  await performed();
  await host.echo();
  return await outcome;
}

test('T4 a map begins without the entries of the group before, which may be old ones', async () => {
  const told: Change<number>[] = [];
  const scores = new ReplicatedMap<number>((change) => told.push(change));
  const { host, driver } = await founded(scores);
  await heard(host, scores.set('ann', 7));
  driver.end(null);
  expect(scores.get('ann')).toBe(7);
  await founded(scores);
  expect(scores.keys()).toEqual([]);
  expect(told).toEqual([{ key: 'ann', value: 7 }, { key: 'ann' }]);
});

test('B2 nobody of the group before holds a lock, and fences go on', async () => {
  const locks = new FencedLocks();
  const { host, driver } = await founded(locks);
  await host.view('added', host.id, bob);
  const hello = { version: 1, view: { timestamp: 2, processor: host.id }, name } as const;
  await host.says(bob, { kind: 'hello', ...hello, label: 'bob', observes: false });
  await host.echo();
  const bytes = encodeLockOperation({ kind: 'acquire', number: 1, lock: 'door' });
  await host.says(bob, { kind: 'multicast', channel: 'replica', bytes });
  expect(locks.holder('door')).toEqual({ id: bob, label: 'bob' });
  driver.end(null);
  const { host: next } = await founded(locks);
  expect(await heard(next, locks.acquire('door'))).toMatchObject({ fence: 2 });
});

test('B4 connections, and a service with a state, begin anew', async () => {
  let sum = 0;
  const serve = ({ number }: ServiceRequest): Uint8Array => {
    sum += number;
    return new Uint8Array([sum]);
  };
  const restore = ([piece]: readonly Uint8Array[]): void => {
    sum = piece?.[0] ?? 0;
  };
  const bank = new Connections({ serve, restore, snapshot: () => [new Uint8Array([sum])] });
  const { host, driver } = await founded(bank);
  await heard(host, bank.call('till', 1, new Uint8Array(1)));
  const lost = bank.call('till', 2, new Uint8Array(1));
  lost.catch(() => {});
  const [request = new Uint8Array()] = host.sent.splice(0);
  await host.tell({
    kind: 'message',
    group: host.group,
    timestamp: 1,
    safe: true,
    transitional: false,
    sender: host.id,
    bytes: request,
  });
  driver.end(null);
  expect(bank.taken('till')).toBe(2);
  const { host: next } = await founded(bank);
  expect(bank.taken('till')).toBe(0);
  expect(await heard(next, bank.call('till', 1, new Uint8Array(1)))).toEqual(new Uint8Array([1]));
});
