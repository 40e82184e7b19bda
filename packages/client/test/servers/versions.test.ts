/** Servers of other versions, made by hand: what the client offers, and what becomes of it. */
import { type Client, connect } from '@choir/client';
import { encodeMessage, fromServer, ORIGIN, parseClientId, sessionId } from '@choir/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { handMade } from './hand-made.ts';

const nothing = new Uint8Array();

function opened(...urls: readonly string[]): Client {
  const client = connect(urls);
  onTestFinished(() => client.close());
  return client;
}

function ending(client: Client): Promise<{ readonly code: string; readonly message: string }> {
  return new Promise((resolve) => client.on('ended', resolve));
}

function welcome(version: number): Uint8Array {
  const clientId = parseClientId('issued');
  if (clientId === null) throw new Error('no such id');
  const session = { clientId, session: sessionId(1), head: ORIGIN };
  const limits = { heartbeatMs: 10_000, messageBytes: 1_000 };
  return encodeMessage(fromServer, { kind: 'welcome', version, ...session, ...limits });
}

describe('a client of this version', () => {
  test('V2: offers the binary sub-protocol of its version', async () => {
    const server = await handMade('choir.1.binary', welcome(1));
    const client = opened(server.url);
    await expect.poll(() => client.connection.state).toBe('online');
    expect(server.offered()).toBe('choir.1.binary');
  });

  test('V5, V6: ends when a server of other versions says so, and does not come back', async () => {
    const message = 'This server speaks choir.3.binary.';
    const goodbye = encodeMessage(fromServer, { kind: 'goodbye', code: 'VERSION', message });
    const server = await handMade('choir.1.binary', goodbye);
    const client = opened(server.url);
    const lost = client.broadcast('room', 'never');
    expect(await ending(client)).toEqual({ code: 'VERSION', message });
    await expect(lost).rejects.toMatchObject({ code: 'VERSION', message });
    expect(client.connection.state).toBe('closed');
    expect(server.visits()).toBe(1);
  });

  test('V6: ends when it is welcomed in a version that it did not offer', async () => {
    const server = await handMade('choir.1.binary', welcome(2));
    expect(await ending(opened(server.url))).toEqual({
      code: 'VERSION',
      message: 'The server speaks version 2 of the protocol, this client version 1.',
    });
  });

  test('passes by a server that picks what it did not offer', async () => {
    const other = await handMade('mqtt', nothing);
    const server = await handMade('choir.1.binary', welcome(1));
    const client = opened(other.url, server.url);
    await expect.poll(() => client.connection.state, { timeout: 5_000 }).toBe('online');
    expect(client.connection.url).toBe(server.url);
    expect(other.visits()).toBe(1);
  });

  test('V3: does not skip a message of a kind that it does not know', async () => {
    const unknown = new Uint8Array([1, 99]);
    const server = await handMade('choir.1.binary', unknown);
    const client = opened(server.url);
    const violations: string[] = [];
    client.on('violation', ({ message }) => violations.push(message));
    await expect.poll(() => violations, { timeout: 5_000 }).not.toEqual([]);
    expect(violations[0]).toContain('unknown kind');
    await expect.poll(() => server.visits(), { timeout: 5_000 }).toBeGreaterThan(1);
  });
});
