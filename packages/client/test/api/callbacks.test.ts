/** The mistakes of an application's callbacks are its own: they surface, and nothing else is lost. */
import { type Client, connect, text } from '@choir/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeNetwork, turns } from './fake-network.ts';

const clients: Client[] = [];
let network: FakeNetwork;
/** What surfaced as an uncaught error; without a listener it would end the process. */
let uncaught: unknown[];
let handlers: NodeJS.UncaughtExceptionListener[];
const note = (error: unknown): void => void uncaught.push(error);

beforeEach(() => {
  network = new FakeNetwork();
  uncaught = [];
  handlers = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', note);
  vi.useFakeTimers();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  process.removeListener('uncaughtException', note);
  for (const handler of handlers) process.on('uncaughtException', handler);
  vi.useRealTimers();
});

function open(clientId: string): Client {
  const client = connect('ws://one', { clientId, WebSocket: network.WebSocket });
  clients.push(client);
  return client;
}

test('what onWaiting throws does not lose the messages behind it', async () => {
  const ann = await open('ann').join('room');
  const bob = await open('bob').join('room');
  const held = await ann.lock('doc');
  const seen: string[] = [];
  bob.on('message', (message) => message.kind === 'bcast' && seen.push(text(message.data)));
  const mistake = new Error('a mistake');
  const waiting = bob.lock('doc', {
    onWaiting: () => {
      throw mistake;
    },
  });
  await ann.broadcast('behind it');
  await turns();
  expect(seen).toEqual(['behind it']);
  await held.release();
  expect((await waiting).state).toBe('held');
  expect(uncaught).toEqual([mistake]);
});

test('what a listener throws stops neither the others nor what follows', async () => {
  const room = await open('ann').join('room');
  const mistake = new Error('a mistake');
  const seen: string[] = [];
  room.on('message', () => {
    throw mistake;
  });
  room.on('message', (message) => message.kind === 'bcast' && seen.push(text(message.data)));
  await Promise.all([room.broadcast('one'), room.broadcast('two')]);
  await turns();
  expect(seen).toEqual(['one', 'two']);
  expect(uncaught).toEqual([mistake, mistake]);
});
