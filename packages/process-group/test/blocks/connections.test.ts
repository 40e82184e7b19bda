/** B4: calls of a member that is excluded and comes back, and what callers do with their replies. */
import { expect, test } from 'vitest';
import { Replicas } from '../../src/core/index.ts';
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
