import { groupId } from '@choir/ftmp';
import { expect, onTestFinished, test } from 'vitest';
import { type GroupEvent, type HostOptions, ProcessorHost } from '../src/index.ts';

const group = groupId(7);
const timeout = 30_000;

async function openHost(options: Partial<HostOptions> = {}): Promise<ProcessorHost> {
  const network = { kind: 'unicast', host: '127.0.0.1' } as const;
  const host = await ProcessorHost.open({ network, insecure: true, ...options });
  onTestFinished(() => host.close());
  return host;
}

test('who hands over more than there is room for is told full, then writable, and nothing is lost', {
  timeout,
}, async () => {
  const host = await openHost();
  const told: GroupEvent['kind'][] = [];
  const all = Promise.withResolvers<void>();
  let [taken, delivered] = [0, 0];
  await host.join(group, {
    init: true,
    listener: ({ kind }) => {
      if (kind !== 'message') told.push(kind);
      else delivered += 1;
      if (delivered === 20_000) all.resolve();
    },
  });
  while (host.trySend(group, new Uint8Array(64)) === 'queued') taken += 1;
  expect(taken).toBeLessThan(20_000);
  for (; taken < 20_000; taken += 1) await host.send(group, new Uint8Array(64));
  await all.promise;
  expect(told).toContain('writable');
});

test('who waits for room is served in order, before whoever sends when it is told of room', {
  timeout,
}, async () => {
  const host = await openHost();
  const texts: string[] = [];
  const all = Promise.withResolvers<void>();
  const send = (text: string) => host.send(group, Buffer.from(text));
  await host.join(group, {
    init: true,
    listener: (event) => {
      if (event.kind === 'writable') void send('late');
      if (event.kind !== 'message') return;
      texts.push(Buffer.from(event.bytes).toString());
      if (texts.at(-1) === 'late') all.resolve();
    },
  });
  while (host.trySend(group, Buffer.from('before')) === 'queued');
  const waiting = Array.from({ length: 2_000 }, (_, n) => `waited ${n}`);
  await Promise.all(waiting.map(send));
  await all.promise;
  const after = texts.filter((text) => text !== 'before');
  expect(after).toEqual([...waiting, 'late']);
});

test('who leaves is given first what it handed over, also what its processor had no room for', {
  timeout,
}, async () => {
  const host = await openHost({ settings: { queueBytes: 64 * 1024 } });
  let [handedOver, delivered] = [0, 0];
  await host.join(group, {
    init: true,
    listener: ({ kind }) => {
      if (kind === 'message') delivered += 1;
    },
  });
  while (host.trySend(group, new Uint8Array(10_000)) === 'queued') handedOver += 1;
  await host.leave(group);
  expect(delivered).toBe(handedOver);
  expect((await host.statistics()).droppedMessages).toBe(0);
});

test('a message of 16 MiB comes through, a longer one is refused', { timeout }, async () => {
  const [one, other] = [await openHost(), await openHost()];
  await one.join(group, { init: true, listener: () => {} });
  const arrived = Promise.withResolvers<number>();
  const seeds = [one.address];
  const network = { kind: 'unicast', host: '127.0.0.1', seeds } as const;
  const third = await openHost({ network });
  await third.join(group, {
    listener: (event) => {
      if (event.kind === 'message') arrived.resolve(event.bytes.length);
    },
  });
  await one.send(group, new Uint8Array(16 * 1024 * 1024));
  expect(await arrived.promise).toBe(16 * 1024 * 1024);
  await expect(one.send(group, new Uint8Array(16 * 1024 * 1024 + 1))).rejects.toMatchObject({
    code: 'drivers-message',
  });
  expect(other.trySend(group, new Uint8Array(1))).toBe('closed');
});

test('a reader that stops asking makes the sender wait, and gets everything when it goes on', {
  timeout,
}, async () => {
  const settings = { backlogBytes: 64 * 1024, queueBytes: 256 * 1024 };
  const sender = await openHost({ settings });
  await sender.join(group, { init: true, listener: () => {} });
  const network = { kind: 'unicast', host: '127.0.0.1', seeds: [sender.address] } as const;
  const reader = await openHost({ network, settings });
  await reader.join(group);
  const bytes = new Uint8Array(1_000);
  let sent = 0;
  const full = Promise.withResolvers<void>();
  const sending = (async () => {
    for (; sent < 20_000; sent += 1) {
      if (sender.trySend(group, bytes) === 'full') full.resolve();
      else continue;
      await sender.send(group, bytes);
    }
  })();
  await full.promise;
  let read = 0;
  for await (const event of reader.events(group)) {
    if (event.kind === 'message') read += 1;
    if (read === 20_000) break;
  }
  await sending;
  expect([sent, read]).toEqual([20_000, 20_000]);
});

test('the queue of a reader is bounded while it reads nothing', { timeout }, async () => {
  const settings = { backlogBytes: 64 * 1024, queueBytes: 256 * 1024 };
  const host = await openHost({ settings });
  await host.join(group, { init: true });
  const bytes = new Uint8Array(1_000);
  let [queued, delivered, before] = [0, 0, -1];
  while (delivered === 0 || delivered !== before) {
    while (host.trySend(group, bytes) === 'queued') queued += 1;
    before = delivered;
    delivered = (await host.statistics()).deliveredMessages;
  }
  // What is in one datagram is delivered at once.
  expect(delivered * bytes.length).toBeLessThan(64 * 1024 + 16_000);
  expect((queued - delivered) * bytes.length).toBeLessThan(8 * 1024 * 1024);
});
