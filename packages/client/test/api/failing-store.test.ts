/** C11: who is told that a submission is withdrawn never sees it take effect, whatever its store does. */
import { ChoirError, type Client, connect, type OutboxStore } from '@choir/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeNetwork, turns } from './fake-network.ts';

const clients: Client[] = [];
let network: FakeNetwork;

beforeEach(() => {
  vi.useFakeTimers();
  network = new FakeNetwork();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  vi.useRealTimers();
});

function open(clientId: string, outbox: Partial<OutboxStore> = {}): Client {
  const store: OutboxStore = {
    load: () => ({ identity: null, lastLocalId: 0, records: [] }),
    saveIdentity: () => {},
    store: () => {},
    remove: () => {},
    close: () => {},
    ...outbox,
  };
  const client = connect('ws://one', { clientId, WebSocket: network.WebSocket, outbox: store });
  clients.push(client);
  return client;
}

function codeOf(error: unknown): string {
  return error instanceof ChoirError ? error.code : String(error);
}

const fails = {
  'by its promise': () => Promise.reject(new Error('no space left')),
  'at once': () => {
    throw new Error('no space left');
  },
};

describe.each(Object.entries(fails))('a removal that fails %s', (_, fail) => {
  const remove: OutboxStore['remove'] = (_localId, decided) => (decided ? undefined : fail());

  test('withdraws nothing: the client ends', async () => {
    const ann = open('ann', { remove });
    const room = await ann.join('room');
    const other = await open('bob').join('room');
    network.down = true;
    network.sockets[0]?.close();
    const told: string[] = [];
    for (const name of ['withdrawn', 'rejoined', 'reset'] as const) {
      room.on(name, () => told.push(name));
    }
    const sent = room.object('doc').update('x').catch(codeOf);
    await (await other.lock('doc')).release();
    network.down = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await sent).toBe('OUTBOX_FAILED');
    expect(told).toEqual([]);
    expect(ann.connection.state).toBe('closed');
  });

  test('refuses nothing that was not ordered: the client ends', async () => {
    const ann = open('ann', { remove });
    const room = await ann.join('room');
    network.server.refuseNext = 'LIMIT';
    expect(await room.broadcast('x').catch(codeOf)).toBe('OUTBOX_FAILED');
  });
});

test('close waits for what is stored behind a removal, however many there are', async () => {
  const done: (() => void)[] = [];
  const kept: string[] = [];
  const outbox: Partial<OutboxStore> = {
    store: ({ localId }) => void kept.push(`store ${localId}`),
    remove: (localId, decided) => {
      if (decided) return;
      return new Promise((resolve) => {
        done.push(() => {
          kept.push(`remove ${localId}`);
          resolve();
        });
      });
    },
    close: () => void kept.push('close'),
  };
  const ann = open('ann', outbox);
  const bob = open('bob');
  const names = ['one', 'two'];
  const rooms = await Promise.all(names.map((name) => ann.join(name)));
  const others = await Promise.all(names.map((name) => bob.join(name)));
  network.down = true;
  network.sockets[0]?.close();
  const promises = rooms.map((room) => room.object('doc').update('x').catch(codeOf));
  for (const other of others) await (await other.lock('doc')).release();
  network.down = false;
  await vi.advanceTimersByTimeAsync(1_000);
  promises.push(ann.broadcast('third', 'kept').catch(codeOf));
  const closed = ann.close();
  while (done.length > 0) {
    done.shift()?.();
    await turns();
  }
  await closed;
  expect(kept).toEqual(['store 1', 'store 2', 'remove 1', 'remove 2', 'store 3', 'close']);
  expect(await Promise.all(promises)).toEqual([
    'WITHDRAWN_CONFLICT',
    'WITHDRAWN_CONFLICT',
    'CLOSED',
  ]);
});
