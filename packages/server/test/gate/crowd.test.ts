/** A8: how many come from one address, how fast, and how long they may take to say something. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { addressKey, forwardedAddress, isThisMachine } from '../../src/gate/address.ts';
import { Crowd } from '../../src/gate/crowd.ts';
import { RawClient } from '../websocket/raw-client.ts';
import { running, temporaryFolder } from '../websocket/running.ts';
import { certificateFor } from './certificates.ts';
import { keysFor } from './tokens.ts';

const limits = { perAddressMax: 3, perAddressRate: 1, perAddressBurst: 5 };

test('an address has so many connections at a time, and others have theirs', () => {
  const crowd = new Crowd(limits);
  expect([0, 0, 0, 0].map((now) => crowd.enters('one', now))).toEqual([true, true, true, false]);
  expect(crowd.enters('two', 0)).toBe(true);
  crowd.left('one');
  expect(crowd.enters('one', 0)).toBe(true);
});

test('an address opens so many in a while, also when they close at once', () => {
  const crowd = new Crowd(limits);
  const come = (now: number): boolean => {
    const isIn = crowd.enters('one', now);
    if (isIn) crowd.left('one');
    return isIn;
  };
  expect(Array.from({ length: 7 }, () => come(0)).filter(Boolean)).toHaveLength(5);
  expect([come(999), come(1_001), come(1_002)]).toEqual([false, true, false]);
});

test('what is remembered of addresses is bounded', () => {
  const crowd = new Crowd(limits);
  for (let n = 0; n < 50_000; n += 1) {
    expect(crowd.enters(`address ${n}`, n)).toBe(true);
    crowd.left(`address ${n}`);
  }
  expect(crowd.size).toBeLessThanOrEqual(10_001);
});

test('an address is one, however it is written', () => {
  expect(addressKey('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(addressKey('192.0.2.7')).toBe('192.0.2.7');
  expect(addressKey('2001:db8:1:2:3::4')).toBe('2001:db8:1:2::/64');
  expect(addressKey('2001:0DB8:1:2::9')).toBe('2001:db8:1:2::/64');
  expect(addressKey('2001:db8::1')).toBe('2001:db8:0:0::/64');
  const here = ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'];
  const elsewhere = ['::ffff:192.0.2.7', '::2', '::ffff:7f00:1', '192.0.2.127', '1127.0.0.1'];
  expect(here.map(isThisMachine)).toEqual([true, true, true, true]);
  expect(elsewhere.map(isThisMachine)).toEqual([false, false, false, false, false]);
  expect(isThisMachine(undefined)).toBe(false);
  expect(addressKey('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
});

test('of a forwarded address only what the nearest proxy wrote counts', () => {
  const of = (header: string) => forwardedAddress({ 'x-forwarded-for': header });
  expect(of('192.0.2.1')).toBe('192.0.2.1');
  expect(of('203.0.113.9, 192.0.2.1')).toBe('192.0.2.1');
  expect(of('2001:db8::1')).toBe('2001:db8::1');
  expect(of('192.0.2.1, junk')).toBe(null);
  expect(of('')).toBe(null);
  expect(forwardedAddress({})).toBe(null);
});

test('10,000 connections from one address: most are cut off, and others are served', async () => {
  const crowd = { perAddressMax: 50, perAddressRate: 1, perAddressBurst: 50 };
  const { port, url } = await running({ crowd, limitsThisMachine: true });
  let cut = 0;
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let batch = 0; batch < 20; batch += 1) {
    await Promise.all(
      Array.from({ length: 500 }, async () => {
        const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
        sockets.push(socket);
        socket.on('error', () => undefined);
        const ended = new Promise<void>((resolve) => {
          socket.once('close', () => {
            cut += 1;
            resolve();
          });
        });
        if (sockets.length > 50) await ended;
      }),
    );
  }
  expect(cut).toBeGreaterThanOrEqual(9_900);
  const other = await RawClient.attach(url, 'ann');
  expect(other.of('welcome')).toHaveLength(1);
  other.close();
});

test('behind a proxy the addresses are those that it saw', async () => {
  const keys = await keysFor('EdDSA');
  const crowd = { perAddressMax: 2, perAddressRate: 100, perAddressBurst: 100 };
  const tokens = { keysFile: keys.file, audience: null };
  const { port } = await running({ crowd, tokens, behindProxy: true });
  const come = async (header: string): Promise<number> => {
    const headers = { 'x-forwarded-for': header, host: 'choir.example' };
    const webSocket = new WebSocket(`ws://127.0.0.1:${port}`, { headers });
    onTestFinished(() => webSocket.terminate());
    webSocket.on('error', () => undefined);
    return Promise.race([
      once(webSocket, 'open').then(() => 101),
      once(webSocket, 'unexpected-response').then(([, response]) => response.statusCode),
    ]);
  };
  const ours = ['192.0.2.1', '203.0.113.1, 192.0.2.1', '203.0.113.2, 192.0.2.1', '192.0.2.2'];
  const answers: number[] = [];
  for (const header of ours) answers.push(await come(header));
  expect(answers).toEqual([101, 101, 429, 101]);
  // A proxy that names nobody is limited as one.
  expect([await come('unknown'), await come(''), await come('junk')]).toEqual([101, 101, 429]);
});

test('without a proxy nobody is believed who forwards himself', async () => {
  const crowd = { perAddressMax: 1, perAddressRate: 100, perAddressBurst: 100 };
  const { url } = await running({ crowd, limitsThisMachine: true });
  const first = await RawClient.connect(url, { headers: { 'x-forwarded-for': '192.0.2.1' } });
  const second = new WebSocket(url, { headers: { 'x-forwarded-for': '192.0.2.2' } });
  const [error] = await once(second, 'error');
  expect(error).toBeInstanceOf(Error);
  first.close();
});

/** Sends a byte now and then, and waits for the end. */
async function drip(port: number, text: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const byte = text[sent];
    if (byte !== undefined && socket.writable) socket.write(byte);
    sent += 1;
  }, 500);
  socket.resume();
  socket.on('error', () => undefined);
  await once(socket, 'close');
  clearInterval(timer);
  return performance.now() - began;
}

test('who takes its time with a request, or says nothing at all, is cut off (slowloris)', {
  timeout: 40_000,
}, async () => {
  const { port } = await running({ settings: { helloMs: 2_000 } });
  const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-A: ${'a'.repeat(1_000)}`;
  const upgraded = async (): Promise<number> => {
    const began = performance.now();
    const client = await RawClient.connect(`ws://127.0.0.1:${port}`);
    await client.untilClosed();
    expect(client.of('goodbye').map(({ code }) => code)).toEqual(['NO_HELLO']);
    return performance.now() - began;
  };
  const folder = temporaryFolder();
  const { cert, key } = certificateFor('localhost');
  const tls = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  writeFileSync(tls.certificateFile, cert);
  writeFileSync(tls.keyFile, key);
  const secure = await running({ tls });
  const times = await Promise.all([
    drip(port, request),
    drip(port, ''),
    upgraded(),
    // A TLS handshake that never ends.
    drip(secure.port, ''),
  ]);
  for (const ms of times) expect(ms).toBeLessThan(15_000);
});
