/** B4: calls of a member that is excluded and comes back, and what callers do with their replies. */
import { expect, test } from 'vitest';
import { encodeConnectionMessage, Replicas } from '../../src/core/index.ts';
import { Connections } from '../../src/index.ts';
import { driven, performed, processor, type ScriptedHost } from '../scripted-host.ts';

const bob = processor(2);
const pay = new Uint8Array([1]);

/** Has what was said come in the order until this is over. */
async function heard<Outcome>(host: ScriptedHost, outcome: Promise<Outcome>): Promise<Outcome> {
  outcome.catch(() => {});
  await performed();
  await host.echo();
  return await outcome;
}

/** The state of a group in which the first requests were replied to. */
async function stateOf(requests: number): Promise<Replicas> {
  const bank = new Connections(({ number }) => new Uint8Array([number]));
  const { host } = driven({ replicas: { bank } });
  await host.view('first', host.id);
  for (let number = 1; number <= requests; number += 1) {
    await heard(host, bank.call('till', number, pay));
  }
  return new Replicas({ bank });
}

test('B4 who was excluded while its request waited and calls again is told the reply that came meanwhile', async () => {
  const bank = new Connections();
  const { host } = driven({ replicas: { bank } });
  await host.view('first', host.id);
  const call = bank.call('till', 1, pay);
  call.catch(() => {});
  await host.echo();
  await host.exclude();
  await expect(call).rejects.toMatchObject({ code: 'group-excluded' });
  const again = bank.call('till', 1, pay);
  await host.view('joined', bob, host.id);
  await host.provide(bob, await stateOf(1));
  await host.echo();
  expect(await again).toEqual(new Uint8Array([1]));
});

test('B4 what a caller does with its reply changes nobody’s', async () => {
  const bank = new Connections(({ number }) => new Uint8Array([number]));
  const { host } = driven({ replicas: { bank } });
  await host.view('first', host.id);
  const [one, other] = [bank.call('till', 1, pay), bank.call('till', 1, pay)];
  (await heard(host, one)).fill(9);
  expect(await other).toEqual(new Uint8Array([1]));
  (await bank.call('till', 1, pay)).fill(9);
  expect(await bank.call('till', 1, pay)).toEqual(new Uint8Array([1]));
});

/** Bob's group, which ann has joined; what bob says there of the till comes at once. */
async function withBob() {
  const bank = new Connections();
  const { host } = driven({ replicas: { bank } });
  await host.view('joined', bob, host.id);
  await host.provide(bob, await stateOf(0));
  await host.echo();
  const says = async (kind: 'request' | 'reply' | 'close', number: number, closings: number) => {
    const message = { kind, connection: 'till', number, closings, bytes: pay } as const;
    const bytes = encodeConnectionMessage(message);
    await host.says(bob, { kind: 'multicast', channel: 'bank', bytes });
  };
  return { bank, host, says };
}

test('B4 two replicas close the connection, and one opens it again at once: it stays open', async () => {
  const { bank, host, says } = await withBob();
  await says('request', 1, 0);
  const closed = bank.close('till');
  await says('close', 0, 0);
  await says('request', 1, 1);
  await closed;
  await host.echo();
  expect(bank.taken('till')).toBe(1);
  expect(await heard(host, bank.close('till'))).toBe(undefined);
  expect(bank.taken('till')).toBe(0);
});

test('B4 a call that comes when its connection was closed is none of the next, which is served as if it had not been', async () => {
  const { bank, host, says } = await withBob();
  await says('request', 1, 0);
  await says('reply', 1, 0);
  const late = bank.call('till', 2, new Uint8Array([7]));
  late.catch(() => {});
  await says('close', 0, 0);
  await expect(late).rejects.toMatchObject({ code: 'group-connection' });
  await says('request', 1, 1);
  const next = bank.call('till', 2, pay);
  await host.echo();
  await says('reply', 2, 1);
  expect(await next).toEqual(pay);
  expect(bank.taken('till')).toBe(2);
});

test('B4 a first call that comes when its connection was closed opens none', async () => {
  const { bank, host, says } = await withBob();
  const late = bank.call('till', 1, pay);
  late.catch(() => {});
  await says('request', 1, 0);
  await says('close', 0, 0);
  await host.echo();
  expect(bank.taken('till')).toBe(0);
  await expect(late).rejects.toMatchObject({ code: 'group-connection' });
});

test('B4 a call of before the first view waits for the reply of whichever connection is open, until that is closed', async () => {
  const bank = new Connections();
  const { host } = driven({ replicas: { bank } });
  const call = bank.call('till', 1, pay);
  call.catch(() => {});
  await host.view('first', host.id);
  await host.echo();
  expect(bank.taken('till')).toBe(1);
  await heard(host, bank.close('till'));
  await expect(call).rejects.toMatchObject({ code: 'group-connection' });
});
