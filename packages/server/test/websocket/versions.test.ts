/** Clients of other versions, made by hand: what they offer, and what they are told. */
import { once } from 'node:events';
import { subprotocols } from '@choir/protocol';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { RawClient } from './raw-client.ts';
import { running } from './running.ts';

type Outcome = {
  readonly protocol: string;
  readonly frames: readonly string[];
  readonly closed: { readonly code: number; readonly reason: string };
};

/** Says nothing, and listens until the end. */
async function listen(url: string, offered: readonly string[]): Promise<Outcome> {
  const socket = new WebSocket(url, [...offered]);
  const frames: string[] = [];
  socket.on('message', (data: Buffer, isBinary) => {
    frames.push(data.toString(isBinary ? 'latin1' : 'utf8'));
  });
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return { protocol: socket.protocol, frames, closed: { code, reason: reason.toString() } };
}

describe('V4: a client that speaks other versions only', () => {
  test('is told so in JSON', async () => {
    const { url } = await running();
    const { protocol, frames, closed } = await listen(url, ['choir.9.json', 'choir.8.json']);
    expect(protocol).toBe('choir.9.json');
    expect(frames.map((each) => JSON.parse(each))).toEqual([
      {
        kind: 'goodbye',
        code: 'VERSION',
        message:
          'This server speaks choir.1.binary and choir.1.json, the client choir.9.json. ' +
          'One of them has to be updated.',
      },
    ]);
    expect(closed).toEqual({ code: 1002, reason: 'VERSION' });
  });

  test('is told so in binary, in the form that never changes (V5)', async () => {
    const { url } = await running();
    const { frames, closed } = await listen(url, ['choir.2.binary']);
    // Its length, number 2, then the code with its length before it.
    expect(frames).toHaveLength(1);
    expect(frames[0]?.slice(1, 10)).toBe('\u0002\u0007VERSION');
    expect(closed).toEqual({ code: 1002, reason: 'VERSION' });
  });

  test('what is no Choir is not taken for one', async () => {
    const { url } = await running();
    const socket = new WebSocket(url, ['mqtt', 'choir.x.json']);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toBe('Server sent no subprotocol');
  });
});

test('V4: a client that speaks a newer version, too, is served in this one', async () => {
  const { url } = await running();
  const socket = new WebSocket(url, ['choir.2.binary', 'choir.2.json', subprotocols.json]);
  await once(socket, 'open');
  expect(socket.protocol).toBe(subprotocols.json);
  const secret = { base64: 'AAAAAAAAAAAAAAAAAAAAAA==' };
  const hello = { kind: 'hello', version: 2, clientId: 'newer', secret, agent: '', wish: [1] };
  socket.send(JSON.stringify(hello));
  const [data] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(data.toString())).toMatchObject({ kind: 'welcome', version: 1 });
  socket.close();
});

test('V1: a hello in an older version is refused', async () => {
  const { url } = await running();
  const old = await RawClient.connect(url, { protocol: subprotocols.binary });
  old.send({ kind: 'hello', version: 0, secret: new Uint8Array(32), agent: '' });
  expect(await old.until('goodbye')).toMatchObject({ code: 'VERSION' });
  expect(old.of('goodbye')[0]).not.toHaveProperty('retryAfterMs');
});

describe('V3: what a reader does not know', () => {
  test.each([
    ['a kind', '{"kind":"from_the_future"}'],
    ['a word', '{"kind":"watch","requestId":1,"group":"g","scope":"half","created":0}'],
  ])('%s is refused, not skipped', async (_, line) => {
    const { url } = await running();
    const client = await RawClient.connect(url, { protocol: subprotocols.json });
    client.webSocket.send(line);
    expect(await client.until('goodbye')).toMatchObject({ code: 'MALFORMED' });
  });

  test('bytes behind the last field of a binary message are refused', async () => {
    const { url } = await running();
    const client = await RawClient.connect(url, { protocol: subprotocols.binary });
    client.webSocket.send(new Uint8Array([4, 9, 0xac, 0x02, 0x00]));
    expect(await client.until('goodbye')).toMatchObject({ code: 'MALFORMED' });
  });

  test('fields of a JSON message are ignored', async () => {
    const { url } = await running();
    const client = await RawClient.connect(url, { protocol: subprotocols.json });
    client.hello('ann');
    await client.until('welcome');
    client.webSocket.send('{"kind":"ping","nonce":7,"colour":"blue"}');
    expect(await client.until('pong')).toMatchObject({ nonce: 7 });
  });
});
