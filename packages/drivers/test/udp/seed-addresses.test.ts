import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { groupId } from '@choir/ftmp';
import { expect, onTestFinished, test } from 'vitest';
import { ProcessorHost } from '../../src/index.ts';
import { destinationText } from '../../src/udp/destination.ts';
import { type LookUp, renewMs, SeedAddresses } from '../../src/udp/seed-addresses.ts';

/** Names as the test says; those that are not there are not found. */
class Names {
  readonly addresses = new Map<string, readonly string[]>();
  readonly asked: string[] = [];
  readonly failed: string[] = [];

  /** Nobody answers. */
  isSilent = false;

  readonly #lookUp: LookUp = (name, { family }, found) => {
    this.asked.push(`${name}/${family}`);
    if (this.isSilent) return;
    const addresses = this.addresses.get(name);
    if (addresses === undefined) found(Object.assign(new Error(), { code: 'ENOTFOUND' }), []);
    else
      found(
        null,
        addresses.map((address) => ({ address })),
      );
  };

  seeds(...seeds: readonly string[]): SeedAddresses {
    const failed = (code: string): void => void this.failed.push(code);
    return new SeedAddresses(seeds, { family: 4, failed, lookUp: this.#lookUp });
  }
}

const textsOf = (seeds: SeedAddresses): readonly string[] => [...seeds].map(destinationText);

test('addresses are seeds as they are, and nothing is looked up for them', () => {
  const names = new Names();
  const seeds = names.seeds('192.0.2.7:7500', '[fd00::7]:7501');
  seeds.renew(0);
  expect(textsOf(seeds)).toEqual(['192.0.2.7:7500', '[fd00::7]:7501']);
  expect(names.asked).toEqual([]);
});

test('a name stands for all of its addresses, of the family of the socket', () => {
  const names = new Names();
  names.addresses.set('first.example', ['192.0.2.7', '192.0.2.8']);
  const seeds = names.seeds('192.0.2.9:7500', 'first.example:7600');
  seeds.renew(0);
  expect(textsOf(seeds)).toEqual(['192.0.2.9:7500', '192.0.2.7:7600', '192.0.2.8:7600']);
  expect(names.asked).toEqual(['first.example/4']);
});

test('S1 who starts later, or moves, is found when anyone is asked again, after 5 s', () => {
  const names = new Names();
  const seeds = names.seeds('first.example:7500');
  seeds.renew(0);
  expect([textsOf(seeds), names.failed]).toEqual([[], ['ENOTFOUND']]);
  names.addresses.set('first.example', ['192.0.2.7']);
  seeds.renew(renewMs - 1);
  expect(textsOf(seeds)).toEqual([]);
  seeds.renew(renewMs);
  expect(textsOf(seeds)).toEqual(['192.0.2.7:7500']);
  names.addresses.set('first.example', ['192.0.2.8']);
  seeds.renew(2 * renewMs);
  expect(textsOf(seeds)).toEqual(['192.0.2.8:7500']);
  expect(names.asked).toHaveLength(3);
});

test('S1 a name whose look-up is not over is not looked up once more', () => {
  const names = new Names();
  names.isSilent = true;
  const seeds = names.seeds('first.example:7500');
  for (let n = 0; n < 10; n += 1) seeds.renew(n * renewMs);
  expect(names.asked).toEqual(['first.example/4']);
});

test('S2 where nothing is found any more, the address before is asked on', () => {
  const names = new Names();
  names.addresses.set('first.example', ['192.0.2.7']);
  const seeds = names.seeds('first.example:7500');
  seeds.renew(0);
  names.addresses.clear();
  seeds.renew(renewMs);
  expect(textsOf(seeds)).toEqual(['192.0.2.7:7500']);
  expect(names.failed).toEqual(['ENOTFOUND']);
});

test.each([
  'first',
  'first:',
  'first:0',
  'first:65536',
  '192.0.2.7',
  '[fd00::7]',
  'a b:7500',
  'fd00::7:7500',
])('the seed %j is refused', (seed) => {
  expect(() => new Names().seeds(seed)).toThrow(
    expect.objectContaining({ code: 'drivers-address' }),
  );
});

test('a processor asks a seed that it was given by name', async () => {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const seeds = [`localhost:${socket.address().port}`, 'nowhere.invalid:7500'];
  const network = { kind: 'unicast', host: '127.0.0.1', seeds } as const;
  const host = await ProcessorHost.open({ network, insecure: true });
  onTestFinished(() => host.close());
  const heard = once(socket, 'message');
  host.join(groupId(7)).catch(() => {});
  await heard;
  await expect
    .poll(async () => [...(await host.statistics()).sendErrors.values()])
    .toEqual([expect.any(Number)]);
});
