/** Who gives up waiting for a replica is told so at once; what had been said by then takes effect all the same. */
import { expect, test } from 'vitest';
import { Connections, FencedLocks, ReplicatedMap } from '../../src/index.ts';
import { driven, performed, type ScriptedHost } from '../scripted-host.ts';

const enough = new Error('Never mind.');

/** A signal that comes when everything that was ready to be done is done. */
async function soon(outcome: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const given = outcome(controller.signal);
  given.catch(() => {});
  await performed();
  controller.abort(enough);
  await expect(given).rejects.toBe(enough);
}

async function withMap(): Promise<{ host: ScriptedHost; scores: ReplicatedMap<number> }> {
  const scores = new ReplicatedMap<number>();
  const { host } = driven({ replicas: { scores } });
  await host.view('first', host.id);
  return { host, scores };
}

test('B1 what had been said to a map takes effect', async () => {
  const { host, scores } = await withMap();
  await soon((signal) => scores.set('ann', 7, signal));
  await soon((signal) => scores.compareAndSet('bob', 0, 8, signal));
  await soon((signal) => scores.delete('eve', signal));
  await soon((signal) => scores.read('ann', signal));
  await host.echo();
  expect([scores.get('ann'), scores.get('bob')]).toEqual([7, 8]);
});

test('B1 what there was no room for is not said', async () => {
  const { host, scores } = await withMap();
  host.isFull = true;
  const first = scores.set('first', 1);
  await soon((signal) => scores.set('ann', 7, signal));
  await host.writable();
  await host.echo();
  expect(await first).toMatchObject({ value: 1 });
  expect(scores.get('ann')).toBe(undefined);
});

test('B1 a signal that has come already says nothing', async () => {
  const { host, scores } = await withMap();
  await expect(scores.set('ann', 7, AbortSignal.abort(enough))).rejects.toBe(enough);
  expect(host.sent).toEqual([]);
});

test('B1 a signal that comes later changes nothing', async () => {
  const { host, scores } = await withMap();
  const controller = new AbortController();
  const set = scores.set('ann', 7, controller.signal);
  await performed();
  await host.echo();
  controller.abort(enough);
  expect(await set).toEqual({ value: 7, version: 1 });
});

test('B2 a lock whose release nobody waits for is given back', async () => {
  const locks = new FencedLocks();
  const { host } = driven({ replicas: { locks } });
  await host.view('first', host.id);
  const acquired = locks.acquire('printer');
  await host.echo();
  const lock = await acquired;
  await soon((signal) => lock.release(signal));
  expect(locks.holder('printer')).toMatchObject({ id: host.id });
  await host.echo();
  expect(locks.holder('printer')).toBe(undefined);
});

test('B4 a connection whose closing nobody waits for is closed', async () => {
  const bank = new Connections(() => new Uint8Array(1));
  const { host } = driven({ replicas: { bank } });
  await host.view('first', host.id);
  const called = bank.call('till', 1, new Uint8Array(1));
  await performed();
  await host.echo();
  await called;
  await soon((signal) => bank.close('till', signal));
  await host.echo();
  expect(bank.taken('till')).toBe(0);
});

test('what is no signal is refused', async () => {
  const { scores } = await withMap();
  const none = { aborted: false } as AbortSignal;
  await expect(scores.set('ann', 7, none)).rejects.toMatchObject({ code: 'group-option' });
  await expect(new Connections().close('till', none)).rejects.toMatchObject({
    code: 'group-option',
  });
});
