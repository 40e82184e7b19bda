/** Every promise settles, whatever the client was doing when it was made. */
import { ChoirError, type Client, connect, type Group, MemoryOutbox } from '@choir/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeNetwork, turns } from './fake-network.ts';

let network: FakeNetwork;
let ann: Client;

beforeEach(() => {
  vi.useFakeTimers();
  network = new FakeNetwork();
  ann = connect('ws://one', { clientId: 'ann', WebSocket: network.WebSocket });
});

afterEach(async () => {
  await ann.close();
  vi.useRealTimers();
});

/** What became of a promise when everything has happened that needs no time. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  let known = 'pending';
  promise.then(
    () => {
      known = 'fulfilled';
    },
    (error: unknown) => {
      known = error instanceof ChoirError ? error.code : String(error);
    },
  );
  await turns();
  return known;
}

describe('asking while the client is away for what it follows already', () => {
  test.each(['join', 'watch'] as const)('%s is there again when it is', async (how) => {
    const before = await ann[how]('room');
    network.last.cut();
    const again = ann[how]('room');
    expect(await outcome(again)).toBe('pending');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await again).toBe(before);
  });
});

describe('leaving', () => {
  test('what has been left is done as soon as the server says so', async () => {
    const room = await ann.join('room');
    await room.leave();
    expect(await outcome(room.leave())).toBe('fulfilled');
  });

  test('… also while the name is watched', async () => {
    const room = await ann.join('room');
    await room.leave();
    const watch = await ann.watch('room');
    expect(await outcome(room.leave())).toBe('fulfilled');
    expect(watch.state).toBe('joined');
  });

  test('refused, it leaves who wanted to join behind it a member as before', async () => {
    const room = await ann.join('room');
    network.server.refuseNext = 'LIMIT';
    const leaving = room.leave();
    const joining = ann.join('room');
    expect(await outcome(leaving)).toBe('LIMIT');
    expect(await outcome(joining)).toBe('fulfilled');
    expect(room.state).toBe('joined');
  });

  test('… and when the refusal comes on another connection', async () => {
    const room = await ann.join('room');
    network.down = true;
    network.last.cut();
    const leaving = room.leave();
    const joining = ann.join('room');
    network.server.refuseNext = 'LIMIT';
    network.down = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await outcome(leaving)).toBe('LIMIT');
    expect(await outcome(joining)).toBe('fulfilled');
  });
});

test('ABORTED: a join that is given up while it begins', async () => {
  network.down = true;
  const giveUp = new AbortController();
  const { signal } = giveUp;
  const joining = ann.join('room', { signal, begin: () => giveUp.abort() });
  expect(await outcome(joining)).toBe('ABORTED');
  expect(ann.pending).toBe(0);
});

test('OUTBOX_FAILED: a lock whose request the store refuses at once', async () => {
  const outbox = new MemoryOutbox();
  outbox.store = () => {
    throw new Error('no space left');
  };
  const client = connect('ws://one', { WebSocket: network.WebSocket, outbox });
  const room = await client.join('room');
  expect(await outcome(room.lock('doc'))).toBe('OUTBOX_FAILED');
});

describe('a number that has no rendering is MALFORMED, and holds nothing up', () => {
  const cursor = { globalId: 1, epoch: 1, created: 1 };

  test.each<[string, (client: Client, room: Group) => Promise<unknown>]>([
    ['a fraction', (_, room) => room.lock('doc', { graceMs: 1.5 })],
    ['a negative time', (_, room) => room.lock('doc', { graceMs: -1 })],
    ['no number', (client) => client.create('new', { absenceMs: Number.NaN })],
    ['an endless time', (client) => client.create('new', { absenceMs: Infinity })],
    ['no lock set', (client) => client.breakLock('room', 0)],
    ['a position', (client) => client.watch('new', { from: { ...cursor, globalId: -1 } })],
    ['an epoch', (client) => client.watch('new', { from: { ...cursor, epoch: 0.5 } })],
    ['a group', (client) => client.watch('new', { from: { ...cursor, created: Number.NaN } })],
  ])('%s', async (_, ask) => {
    const room = await ann.join('room');
    expect(await outcome(ask(ann, room))).toBe('MALFORMED');
    expect(await outcome(room.broadcast('behind it'))).toBe('fulfilled');
  });
});

describe('a watch', () => {
  test('that a join ends before it has begun is LEFT', async () => {
    const watching = ann.watch('room');
    const joining = ann.join('room');
    expect(await outcome(watching)).toBe('LEFT');
    expect(await outcome(joining)).toBe('fulfilled');
  });

  test('that has ended stops nothing when it is stopped again', async () => {
    const before = await ann.watch('room');
    before.stop();
    const after = await ann.watch('room');
    before.stop();
    await turns();
    expect(after.state).toBe('joined');
    await ann.close();
    expect(() => after.stop()).not.toThrow();
  });
});

test('CROSS_SHARD: groups that are not related cannot be joined together', async () => {
  expect(await outcome(ann.joinAll(['one/a', 'two/b']))).toBe('CROSS_SHARD');
  expect(await outcome(ann.joinAll(['one/a', 'one/b']))).toBe('fulfilled');
});
