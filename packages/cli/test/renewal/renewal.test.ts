/** Tokens that live for a few seconds, a real server that asks for them, and the real client. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect, type TokenSource, text } from '@choir/client';
import { type RunningServer, serve } from '@choir/server';
import { issueToken, makeKeys } from '@choir/server/tokens';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

const lifeMs = 4_000;
/** The server takes a token for longer than it says: clocks may differ by so much (gate.md, "Tokens"). */
const toleranceMs = 10_000;
/** Expired credentials are looked for once in a second. */
const sweepMs = 1_000;
const patience = { timeout: 30_000 };

const folder = mkdtempSync(join(tmpdir(), 'choir-renewal-'));
const secretFile = join(folder, 'keys.secret.json');
const keysFile = join(folder, 'keys.public.json');
let server: RunningServer;

beforeAll(async () => {
  const keys = await makeKeys('ES256');
  writeFileSync(secretFile, JSON.stringify(keys.secret));
  writeFileSync(keysFile, JSON.stringify(keys.public));
  const tokens = { keysFile, audience: null };
  server = await serve({ data: join(folder, 'data'), port: 0, pages: '', tokens });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

function token(subject: string, forMs: number): Promise<string> {
  const grants = [{ groups: '*', verbs: ['*'] as const }];
  return issueToken(secretFile, { subject, grants, forMs: forMs - toleranceMs });
}

type Opened = { readonly client: Client; readonly states: string[]; readonly sockets: WebSocket[] };

function opened(name: string, source: TokenSource): Opened {
  const sockets: WebSocket[] = [];
  class CountedWebSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      sockets.push(this);
    }
  }
  const client = connect(server.url, { name, token: source, WebSocket: CountedWebSocket });
  onTestFinished(() => client.close());
  const states: string[] = [];
  client.on('connection', ({ state }) => states.push(state));
  return { client, states, sockets };
}

test(
  'a client with a function renews on the living connection, and nobody notices',
  patience,
  async () => {
    const tokens: string[] = [];
    const began = performance.now();
    const ann = opened('Ann', async () => {
      const next = await token('ann', lifeMs);
      tokens.push(next);
      return next;
    });
    const bob = opened('Bob', await token('bob', 600_000));
    const group = await ann.client.join('room');
    const lock = await group.lock('doc');
    const watched = await bob.client.join('room');
    const changes: string[] = [];
    watched.on('membership', ({ kind }) => changes.push(kind));
    const heard: string[] = [];
    watched.on('message', (message) => {
      if (message.kind === 'bcast') heard.push(text(message.data));
    });
    // Each is asked for only when the one before it has been taken.
    for (const count of [2, 3, 4]) {
      await expect.poll(() => tokens.length, patience).toBe(count);
      await group.broadcast(`${count}`);
    }
    // The first has expired meanwhile, and the server has looked since.
    expect(performance.now() - began).toBeGreaterThan(lifeMs + sweepMs);
    expect(new Set(tokens).size).toBe(4);
    await expect.poll(() => heard, patience).toEqual(['2', '3', '4']);
    expect(lock.state).toBe('held');
    expect(changes).toEqual([]);
    expect(ann.states).toEqual(['online']);
    expect(ann.sockets).toHaveLength(1);
  },
);

test('a client with a text ends when its time is over, and says why', patience, async () => {
  const { client, sockets } = opened('Cid', await token('cid', lifeMs));
  const ended = new Promise<{ readonly code: string; readonly message: string }>((resolve) => {
    client.on('ended', resolve);
  });
  const group = await client.join('elsewhere');
  await group.broadcast('hello');
  expect(await ended).toEqual({
    code: 'CREDENTIALS_EXPIRED',
    message: expect.stringContaining('no newer one'),
  });
  expect(client.connection.state).toBe('closed');
  // It came back once, to find that it has nothing to show.
  expect(sockets).toHaveLength(2);
  await expect(group.broadcast('more')).rejects.toMatchObject({ code: expect.any(String) });
});
