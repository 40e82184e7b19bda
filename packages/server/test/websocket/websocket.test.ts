import { once } from 'node:events';
import { connect } from 'node:net';
import { subprotocols } from '@choir/protocol';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { RawClient } from './raw-client.ts';
import { running } from './running.ts';

test('clients of both renderings share a group', async () => {
  const { url } = await running();
  const ann = await RawClient.attach(url, 'ann');
  const bob = await RawClient.connect(url, { protocol: subprotocols.json });
  bob.hello('bob');
  await bob.until('welcome');
  ann.join('room');
  await ann.until('transfer_end');
  bob.join('room');
  await bob.until('transfer_end');
  ann.bcast('room', 'from ann');
  bob.bcast('room', 'from bob');
  await ann.until('delivery', 3);
  await bob.until('delivery', 2);
  const told = bob.of('delivery').map(({ events }) => events[0]);
  expect(told).toMatchObject([
    { kind: 'bcast', senderId: 'ann', data: 'from ann' },
    { kind: 'bcast', senderId: 'bob', data: 'from bob' },
  ]);
  expect(ann.of('delivery').map(({ events }) => events[0]?.kind)).toEqual([
    'new_member',
    'bcast',
    'bcast',
  ]);
});

test('without a sub-protocol the binary one is spoken', async () => {
  const { url } = await running();
  const ann = await RawClient.connect(url);
  ann.hello('ann');
  expect((await ann.until('welcome')).clientId).toBe('ann');
});

test('what is no frame of the protocol is answered with goodbye, then closed', async () => {
  const { url } = await running();
  const garbled = await RawClient.connect(url, { protocol: subprotocols.binary });
  garbled.webSocket.send(new Uint8Array([1, 255]));
  expect(await garbled.until('goodbye')).toMatchObject({ code: 'MALFORMED' });
  expect(await garbled.untilClosed()).toEqual({ code: 1002, reason: 'MALFORMED' });
  const mixed = await RawClient.connect(url, { protocol: subprotocols.binary });
  mixed.webSocket.send('{"kind":"ping","nonce":1}');
  expect((await mixed.until('goodbye')).message).toContain('binary');
});

test('a frame beyond the limit ends the connection, not the server', async () => {
  const { url } = await running();
  const large = await RawClient.connect(url, { protocol: subprotocols.binary });
  large.webSocket.send(new Uint8Array(17 * 1024 * 1024));
  expect(await large.until('goodbye')).toMatchObject({ code: 'TOO_LARGE' });
  expect(await large.untilClosed()).toEqual({ code: 1009, reason: 'TOO_LARGE' });
  expect((await RawClient.attach(url, 'ann')).of('welcome')).toHaveLength(1);
});

test('a page of another site may not connect', async () => {
  const { url } = await running();
  const refused = new WebSocket(url, { origin: 'https://elsewhere.example' });
  const [, response] = (await once(refused, 'unexpected-response')) as [
    unknown,
    { statusCode: number },
  ];
  expect(response.statusCode).toBe(403);
  const own = await RawClient.connect(url, { origin: url.replace('ws:', 'http:') });
  own.hello('ann');
  await own.until('welcome');
});

test('a lost connection is a disconnected member', async () => {
  const { url } = await running();
  const ann = await RawClient.attach(url, 'ann');
  const bob = await RawClient.attach(url, 'bob');
  ann.join('room');
  await ann.until('transfer_end');
  bob.join('room');
  await bob.until('transfer_end');
  bob.webSocket.terminate();
  const { events } = await ann.until('delivery', 2);
  expect(events).toEqual([{ kind: 'disconnected_member', clientId: 'bob' }]);
});

test('one that stops reading does not hold the others up, and catches up later', async () => {
  const { url } = await running();
  const ann = await RawClient.attach(url, 'ann');
  const bob = await RawClient.attach(url, 'bob');
  for (const each of [ann, bob]) {
    each.join('room');
    await each.until('transfer_end');
  }
  bob.webSocket.pause();
  const text = 'x'.repeat(100_000);
  // Far more than the buffers of the operating system and of the server hold.
  for (let round = 1; round <= 30; round += 1) {
    for (let each = 0; each < 10; each += 1) ann.bcast('room', text);
    await ann.until('delivery', 1 + round * 10);
  }
  expect(bob.of('delivery').length).toBeLessThan(200);
  bob.webSocket.resume();
  await bob.until('delivery', 300);
  const positions = bob.of('delivery').map(({ at }) => at.seq);
  expect(positions).toEqual([...positions].sort((one, other) => one - other));
}, 30_000);

test('one that is turned away and is gone before it is told takes nothing with it', async () => {
  const { url, port } = await running();
  const request = [
    'GET / HTTP/1.1',
    'Host: elsewhere.example',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
  for (let round = 0; round < 50; round += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    // What it sent is read when its end has come already.
    await new Promise((resolve) => socket.write(request, resolve));
    socket.resetAndDestroy();
  }
  expect((await RawClient.attach(url, 'ann')).of('welcome')).toHaveLength(1);
});
