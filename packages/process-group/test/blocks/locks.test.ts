/** B2: a lock is held by nobody who does not know it, whatever happens between asking and being granted. */
import { expect, test } from 'vitest';
import type { Place } from '../../src/blocks/block.ts';
import { Replicas } from '../../src/core/index.ts';
import { FencedLocks, GroupError } from '../../src/index.ts';
import { Awaited } from '../../src/member/awaited.ts';
import { driven, performed, processor } from '../scripted-host.ts';

const [self, bob] = [processor(1), processor(2)];
const ann = { id: self, label: 'ann' };

/** Locks of a member that hears only what the test has come. */
function alone(): {
  readonly locks: FencedLocks;
  readonly awaited: Awaited;
  readonly said: Uint8Array[];
  readonly come: () => void;
} {
  const [locks, awaited] = [new FencedLocks(), new Awaited()];
  const said: Uint8Array[] = [];
  const place: Place = {
    self,
    say: async (bytes, _signal, onSaid) => {
      said.push(bytes);
      onSaid?.();
    },
    tell: (bytes) => void said.push(bytes),
    awaiting: (outcome) => awaited.outcome(outcome),
  };
  locks.attach(place, null);
  const [members, nobody] = [[ann], [] as const];
  const others = { holders: members, observers: nobody, joined: members, returned: nobody };
  locks.view({ number: 1, members, ...others, left: nobody, excluded: nobody });
  const come = (): void => {
    for (const bytes of said.splice(0)) locks.apply(ann, bytes);
  };
  return { locks, awaited, said, come };
}

test('B2 a lock that is granted when its asker is given up unread is released', async () => {
  const { locks, awaited, said, come } = alone();
  const acquired = locks.acquire('printer');
  await performed();
  awaited.fail(new GroupError('group-unread', 'The events are not read.'));
  await expect(acquired).rejects.toMatchObject({ code: 'group-unread' });
  come();
  await performed();
  while (said.length > 0) come();
  expect(locks.holder('printer')).toBe(undefined);
});

test('B2 a lock that is granted in the moment after its asker is given up is released', async () => {
  const { locks, awaited, said, come } = alone();
  const acquired = locks.acquire('printer');
  await performed();
  awaited.fail(new GroupError('group-unread', 'The events are not read.'));
  come();
  await expect(acquired).rejects.toMatchObject({ code: 'group-unread' });
  while (said.length > 0) come();
  expect(locks.holder('printer')).toBe(undefined);
});

test('B2 whoever gives up in the moment after the grant has the lock, and has not released it', async () => {
  const { locks, said, come } = alone();
  const controller = new AbortController();
  const acquired = locks.acquire('printer', controller.signal);
  await performed();
  come();
  controller.abort(new Error('Never mind.'));
  const lock = await acquired;
  expect(said).toEqual([]);
  expect(lock.lost.aborted).toBe(false);
  expect(locks.holder('printer')).toEqual(ann);
});

test('B2 who gives up before the grant releases', async () => {
  const { locks, said, come } = alone();
  const controller = new AbortController();
  const acquired = locks.acquire('printer', controller.signal);
  await performed();
  controller.abort(new Error('Never mind.'));
  await expect(acquired).rejects.toThrow('Never mind.');
  while (said.length > 0) come();
  expect(locks.holder('printer')).toBe(undefined);
});

test('B2 a release is said, though its caller is given up unread', async () => {
  const locks = new FencedLocks();
  const { host, driver } = driven({ replicas: { locks } });
  await host.view('first', self);
  const acquired = locks.acquire('printer');
  await host.echo();
  const lock = await acquired;
  host.isFull = true;
  driver.trySay((core) => core.multicast('talk', new Uint8Array(1), false));
  const released = lock.release();
  released.catch(() => {});
  driver.outflow.fail(new GroupError('group-unread', 'The events are not read.'));
  await performed();
  await host.writable();
  await host.echo();
  expect(locks.holder('printer')).toBe(undefined);
});

test('B2 what is lost is not given back, and that ends at once', async () => {
  const locks = new FencedLocks();
  const { host } = driven({ replicas: { locks } });
  await host.view('first', self);
  const acquired = locks.acquire('printer');
  await host.echo();
  const lock = await acquired;
  const released: unknown[] = [];
  lock.lost.addEventListener('abort', () => released.push(lock.release()));
  await host.exclude();
  expect(lock.lost.reason).toMatchObject({ code: 'group-excluded' });
  expect(await Promise.all([...released, lock.release()])).toEqual([undefined, undefined]);
  expect(host.sent).toEqual([]);
});

test('B2 whoever gives a lock back twice gives back nothing that was asked for meanwhile', async () => {
  const { locks, said, come } = alone();
  const [first, second] = [locks.acquire('printer'), locks.acquire('printer')];
  await performed();
  come();
  const lock = await first;
  const both = [lock.release(), lock.release()];
  expect(said).toHaveLength(1);
  come();
  await Promise.all(both);
  expect((await second).lost.aborted).toBe(false);
  expect(locks.holder('printer')).toEqual(ann);
});

test('B2 parts of one program exclude each other: who asks again has the lock when the first one is given back', async () => {
  const { locks, come } = alone();
  const [first, second] = [locks.acquire('printer'), locks.acquire('printer')];
  await performed();
  come();
  const lock = await first;
  const signal = AbortSignal.abort(new Error('It is held.'));
  await expect(locks.acquire('printer', signal)).rejects.toThrow('It is held.');
  const released = lock.release();
  come();
  await released;
  expect((await second).fence).toBeGreaterThan(lock.fence);
});

test('B2 a lock asked for before an exclusion, for which there was no room, is held by nobody after it', async () => {
  const locks = new FencedLocks();
  const { host, driver } = driven({ replicas: { locks } });
  await host.view('first', self);
  host.isFull = true;
  driver.trySay((core) => core.multicast('talk', new Uint8Array(1), false));
  const acquired = locks.acquire('printer');
  acquired.catch(() => {});
  await host.exclude();
  await expect(acquired).rejects.toMatchObject({ code: 'group-excluded' });
  host.isFull = false;
  await host.view('joined', bob, host.id);
  await host.provide(bob, new Replicas({ locks: new FencedLocks() }));
  await host.echo();
  expect(driver.core.members).toHaveLength(2);
  expect(locks.holder('printer')).toBe(undefined);
});
