import { ChoirError, connect } from '@choir/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeNetwork, turns } from './fake-network.ts';

let network: FakeNetwork;

beforeEach(() => {
  vi.useFakeTimers();
  network = new FakeNetwork();
});

afterEach(() => void vi.useRealTimers());

function shown(): readonly (string | undefined)[] {
  return network.sockets.map(({ said }) => {
    const [first] = said;
    return first?.kind === 'credentials' ? first.token : undefined;
  });
}

test('a token that is a text is shown before hello', async () => {
  const { WebSocket } = network;
  const client = connect('ws://one', { clientId: 'ann', WebSocket, token: 'a.b.c' });
  await turns();
  expect(network.last.said.map(({ kind }) => kind)).toEqual(['credentials', 'hello']);
  expect(shown()).toEqual(['a.b.c']);
  await client.close();
});

test('a function is asked for a token before each connection', async () => {
  const { WebSocket } = network;
  let count = 0;
  const token = async (): Promise<string> => `token-${++count}`;
  const client = connect('ws://one', { clientId: 'ann', WebSocket, token });
  await turns();
  network.last.cut();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(shown()).toEqual(['token-1', 'token-2']);
  await client.close();
});

test('a function that fails is asked again, and the failure is told', async () => {
  const { WebSocket } = network;
  const answers = [() => Promise.reject(new Error('not logged in')), () => 'good', () => ''];
  const token = (): string | Promise<string> => answers.shift()?.() ?? 'good';
  const client = connect('ws://one', { clientId: 'ann', WebSocket, token });
  const why: string[] = [];
  client.on('connection', (connection) => why.push(connection.why));
  await turns();
  expect(why.at(-1)).toBe('There was no token: not logged in');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(client.connection.state).toBe('online');
  network.last.cut();
  await turns();
  await vi.advanceTimersByTimeAsync(300);
  expect(why.join('\n')).toContain('There was no token: A token has 1 to');
  await client.close();
});

test('what cannot be a token is refused at once', () => {
  const { WebSocket } = network;
  for (const token of ['', 'two words', 'x'.repeat(8_193), 'é']) {
    const open = () => connect('ws://one', { WebSocket, token });
    expect(open).toThrow(ChoirError);
    expect(open).toThrow(expect.objectContaining({ code: 'TOKEN' }));
  }
  expect(network.sockets).toEqual([]);
});
