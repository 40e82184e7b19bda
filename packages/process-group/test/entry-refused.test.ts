/** Who asks to be let in is told at once when that is in vain; with another key nobody can tell, and it is told so when its time is over. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { checked, decode, encode, isRefusal, noView, processorId, type Refuse } from '@choir/ftmp';
import { expect, onTestFinished, test } from 'vitest';
import { Transport } from '../src/index.ts';
import { timeout } from './ensemble.ts';
import { driven, name, processor } from './scripted-host.ts';

const [self, bob] = [processor(1), processor(2)];
const keyOf = (byte: number) => ({ id: 1, key: new Uint8Array(32).fill(byte) });

const texts = {
  version: `Group "${name}" speaks another version of FTMP than this process: use the same version of the toolkit everywhere.`,
  full: `Group "${name}" is full: it has 255 members, the most that FTMP takes. End one of them, and join again.`,
} as const;
const reasons = ['version', 'full'] as const;

/** A member that refuses whoever asks. @returns its address */
async function refuses(reason: Refuse['reason']): Promise<string> {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.on('message', (datagram, from) => {
    const asks = decode(checked.open(datagram) ?? datagram);
    if (isRefusal(asks) || asks.body.type !== 'join') return;
    const { source: joiner, group } = asks.header;
    const counters = { sequence: 0, timestamp: 0, ack: 0 };
    const head = { order: 'little', source: processorId(9, 1), group, ...counters } as const;
    const body = { type: 'refuse', processor: joiner, reason, view: noView } as const;
    socket.send(checked.seal(encode(head, body)), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return `127.0.0.1:${socket.address().port}`;
}

async function opened(
  seeds: readonly string[],
  protection: { readonly keys: readonly ReturnType<typeof keyOf>[] } | { readonly insecure: true },
): Promise<Transport> {
  const network = { kind: 'unicast', host: '127.0.0.1', seeds } as const;
  const transport = await Transport.open({ network, ...protection });
  onTestFinished(() => transport.close());
  return transport;
}

test.each(reasons)(
  'by the reason "%s" a group refuses for good: nobody waits',
  { timeout },
  async (reason) => {
    const transport = await opened([await refuses(reason)], { insecure: true });
    const joining = transport.join(name, { timeoutMs: 50_000 });
    await expect(joining).rejects.toMatchObject({ code: 'group-refused', message: texts[reason] });
  },
);

test('a group that was made twice may be one again: who is told so waits', {
  timeout,
}, async () => {
  const transport = await opened([await refuses('rival')], { insecure: true });
  const joining = transport.join(name, { timeoutMs: 500 });
  await expect(joining).rejects.toMatchObject({
    code: 'group-time',
    message: expect.stringContaining('A member said: the group was made twice.'),
  });
});

test.each(reasons)(
  'who comes back, and is refused by the reason "%s", is out with it',
  async (reason) => {
    const { host, driver } = driven();
    await host.view('first', self);
    await host.view('added', self, bob);
    await host.exclude();
    await host.tell({ kind: 'refused', group: host.group, reason });
    expect(await driver.over).toMatchObject({ code: 'group-refused', message: texts[reason] });
    expect(host.hasLeft).toBe(true);
  },
);

test('with another key nobody is heard: who joins is asked for it, and the members go on', {
  timeout,
}, async () => {
  const inside = await opened([], { keys: [keyOf(1)] });
  const ann = await inside.join(name, { init: true, label: 'ann' });
  const outside = await opened([inside.address], { keys: [keyOf(2)] });
  const joining = outside.join(name, { label: 'eve', timeoutMs: 1_000 });
  await expect(joining).rejects.toMatchObject({
    code: 'group-time',
    message:
      `Nobody let this process into group "${name}" within 1 s. No member answered at the seed ${inside.address}. ` +
      'Is one running there, in a group of exactly this name, with the same cluster key and this version? The first member makes the group (init).',
  });
  const { refused } = await inside.statistics();
  expect(refused.get('forged')).toBeGreaterThan(0);
  expect(ann.members.map(({ label }) => label)).toEqual(['ann']);
});
