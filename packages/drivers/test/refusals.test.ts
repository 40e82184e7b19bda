import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { groupId } from '@choir/ftmp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HostOptions, ProcessorHost, readKeys, type Statistics } from '../src/index.ts';

const group = groupId(7);
const timeout = 30_000;
const keys = [{ id: 1, key: randomBytes(32) }];

async function openHost(options: Partial<HostOptions>): Promise<ProcessorHost> {
  const network = { kind: 'unicast', host: '127.0.0.1' } as const;
  const host = await ProcessorHost.open({ network, ...options });
  onTestFinished(() => host.close());
  return host;
}

function seededBy(...seeds: readonly string[]) {
  return { kind: 'unicast', host: '127.0.0.1', seeds } as const;
}

async function statisticsOnce(
  host: ProcessorHost,
  isRight: (statistics: Statistics) => boolean,
): Promise<Statistics> {
  for (;;) {
    const statistics = await host.statistics();
    if (isRight(statistics)) return statistics;
  }
}

test('who has another key is refused and counted, and disturbs nobody', { timeout }, async () => {
  const views: number[] = [];
  const inside = await openHost({ keys });
  await inside.join(group, {
    init: true,
    listener: (event) => {
      if (event.kind === 'view') views.push(event.view.members.length);
    },
  });
  const network = seededBy(inside.address);
  const outside = await openHost({ keys: [{ id: 1, key: randomBytes(32) }], network });
  void outside.join(group, { listener: () => {} }).catch(() => {});
  const bare = await openHost({ insecure: true, network });
  void bare.join(group, { listener: () => {} }).catch(() => {});
  const isRefused = ({ refused }: Statistics) => refused.has('forged') && refused.has('magic');
  expect(await statisticsOnce(inside, isRefused)).toMatchObject({ sendErrors: new Map() });
  expect(views).toEqual([1]);
});

test('recorded datagrams are refused, by members and by who has just started', {
  timeout,
}, async () => {
  const tap = await openTap();
  const member = await openHost({ keys });
  await member.join(group, { init: true, listener: () => {} });
  const joiner = await openHost({ keys, network: seededBy(tap.address, member.address) });
  await joiner.join(group, { listener: () => {} });
  await tap.heard(1);
  await joiner.leave(group);
  await joiner.close();
  const newcomer = await openHost({ keys });
  for (const host of [member, newcomer]) {
    const before = await host.statistics();
    const count = tap.replay(host.address);
    const isRefused = (statistics: Statistics) => refusals(statistics) === refusals(before) + count;
    const { taken } = await statisticsOnce(host, isRefused);
    expect(taken).toBe(before.taken);
  }
});

function refusals({ refused }: Statistics): number {
  return [...refused.values()].reduce((sum, count) => sum + count, 0);
}

describe('a key file', () => {
  const hex = 'ab'.repeat(32);
  function file(text: string, mode = 0o600): string {
    const folder = mkdtempSync(join(tmpdir(), 'choir-keys-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'cluster.key');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  test('has a line for each key, in hexadecimal or base64, the last for sending', async () => {
    const base64 = Buffer.alloc(32, 3).toString('base64');
    expect(await readKeys(file(`1 ${hex}\n\n7 ${base64}\n`))).toEqual([
      { id: 1, key: Buffer.from(hex, 'hex') },
      { id: 7, key: Buffer.alloc(32, 3) },
    ]);
  });

  test('that others can read is refused', async () => {
    await expect(readKeys(file(`1 ${hex}\n`, 0o640))).rejects.toMatchObject({
      code: 'drivers-key',
      message: expect.stringContaining('chmod 600'),
    });
  });

  test.each<[string, () => string]>([
    ['it is a directory. Mend it: give a file.', () => dirname(file(''))],
    ['it is empty. Mend it: write the keys that all have', () => file(' \n')],
    ['ENOENT', () => join(dirname(file('')), 'none')],
    ['ENOTDIR', () => join(file(''), 'none')],
    ['a line is no key. Mend it: give one that has', () => file('others need to read this', 0o644)],
    ['two of its keys have the id 1.', () => file(`1 ${hex}\n1 ${hex}`)],
    ['it has 17 keys. Mend it: keep 16 at most.', () => file(keyLines(17))],
    ['it is too long.', () => file(keyLines(99))],
  ])('that is refused is named, with a remedy that harms nothing else: %s', async (why, make) => {
    const path = make();
    const refused: unknown = await readKeys(path).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'drivers-key' });
    expect(String(refused)).toContain(`The key file ${path} is refused: ${why}`);
    expect(String(refused)).not.toContain('chmod');
    expect(String(refused).includes('make one by')).toBe(why === 'ENOENT');
  });

  const keyLines = (count: number): string =>
    Array.from({ length: count }, (_, at) => `${at + 1} ${hex}`).join('\n');

  test.each([
    '',
    hex,
    `0 ${hex}`,
    `65536 ${hex}`,
    `1 ${hex.slice(2)}`,
    `1 ${hex}\n1 ${hex}`,
    `1 ${hex} more`,
    'x'.repeat(5_000),
  ])('of other content is refused, and the content not shown: %j', async (text) => {
    const refused = readKeys(file(text));
    await expect(refused).rejects.toMatchObject({ code: 'drivers-key' });
    await expect(refused).rejects.not.toThrow(hex.slice(0, 20));
  });
});

test.each([
  ['drivers-insecure', {}],
  ['drivers-insecure', { insecure: false }],
  ['drivers-insecure', { insecure: 'no' as unknown as boolean }],
  ['drivers-insecure', { insecure: null as unknown as boolean }],
  ['drivers-insecure', { insecure: true, keys }],
  ['drivers-key', { keys: [] }],
  ['drivers-option', { insecure: true, processorNumber: 0 }],
  ['drivers-option', { insecure: true, stalledMs: 1 }],
  ['drivers-option', { insecure: true, settings: { datagramBytes: 70_000 } }],
  ['drivers-option', { insecure: true, settings: { packetBytes: 100 } }],
  ['drivers-option', { insecure: true, settings: { suspicionMinMs: Number.NaN } }],
  ['drivers-option', { insecure: true, settings: { heartbeatMs: 300 } }],
  ['drivers-option', { insecure: true, network: { kind: 'unicast', host: 'localhost' } }],
  ['drivers-option', { insecure: true, network: { kind: 'unicast', host: '::', port: -1 } }],
  ['drivers-address', { insecure: true, network: { kind: 'unicast', host: '0.0.0.0' } }],
  ['drivers-address', { insecure: true, network: seededBy('nowhere') }],
  ['drivers-trace', { insecure: true, trace: '/proc/none/trace' }],
  ['drivers-socket', { insecure: true, network: { kind: 'unicast', host: '192.0.2.1' } }],
] as const)('%s: %j', { timeout }, async (code, options) => {
  await expect(openHost(options as Partial<HostOptions>)).rejects.toMatchObject({ code });
});

/** A socket that keeps what is sent to it. */
async function openTap() {
  const socket: Socket = createSocket('udp4');
  onTestFinished(() => {
    socket.close();
  });
  const heard: Buffer[] = [];
  socket.on('message', (datagram) => heard.push(datagram));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async heard(count: number): Promise<void> {
      while (heard.length < count) await once(socket, 'message');
    },
    /** How many it sent. */
    replay(address: string): number {
      for (const datagram of heard) socket.send(datagram, Number(address.split(':')[1]));
      return heard.length;
    },
  };
}
