import {
  ChoirError,
  type Client,
  type ConnectOptions,
  connect,
  type OutboxStore,
  text,
} from '@choir/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeNetwork, turns } from './fake-network.ts';

let network: FakeNetwork;
const clients: Client[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  network = new FakeNetwork();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  vi.useRealTimers();
});

function open(clientId: string, options: ConnectOptions = {}): Client {
  const { WebSocket } = network;
  const client = connect('ws://one', { clientId, WebSocket, ...options });
  clients.push(client);
  return client;
}

function codeOf(error: unknown): string {
  return error instanceof ChoirError ? error.code : String(error);
}

describe('connect', () => {
  test('can be used at once', async () => {
    const settled = await open('ann').broadcast('room', 'hello');
    expect(settled).toMatchObject({ epoch: 1, globalId: expect.any(Number) });
  });

  test('speaks the binary sub-protocol', async () => {
    open('ann');
    await turns();
    expect(network.last.protocols).toEqual(['choir.1.binary']);
    expect(network.last.binaryType).toBe('arraybuffer');
  });

  test('a listener sees the connection as it is told', async () => {
    const client = open('ann');
    const told: boolean[] = [];
    client.on('connection', (connection) => told.push(client.connection === connection));
    await turns();
    expect(told).toContain(true);
    expect(told).not.toContain(false);
  });

  test('tries several addresses in turn', async () => {
    network.down = true;
    open('ann', { WebSocket: network.WebSocket });
    const client = connect(['ws://a', 'ws://b'], { WebSocket: network.WebSocket });
    clients.push(client);
    for (let i = 0; i < 3; i++) await vi.advanceTimersByTimeAsync(1_000);
    const tried = network.sockets.map(({ url }) => url).filter((url) => url !== 'ws://one');
    expect(new Set(tried)).toEqual(new Set(['ws://a', 'ws://b']));
  });

  test.each([
    ['an address that is none', () => connect('http://one', {})],
    ['no address', () => connect([], {})],
    ['a bad client id', () => connect('ws://one', { clientId: 'a/b' })],
    ['a short secret', () => connect('ws://one', { secret: new Uint8Array(4) })],
  ])('refuses %s at once', (_, make) => {
    expect(make).toThrow();
  });

  test('a client id that is used again never uses a local id again', async () => {
    const secret = new Uint8Array(16).fill(7);
    const first = await open('ann', { secret }).broadcast('room', 'one');
    await vi.advanceTimersByTimeAsync(1);
    const second = await open('ann', { secret }).broadcast('room', 'two');
    expect(second.localId).toBeGreaterThan(first.localId);
  });
});

describe('a group', () => {
  test('is joined, and joined again is the same', async () => {
    const ann = open('ann');
    const room = await ann.join('room', { name: 'Ann' });
    expect(room.state).toBe('joined');
    expect(room.members()).toMatchObject([{ clientId: 'ann', name: 'Ann', status: 'member' }]);
    expect(await ann.join('room')).toBe(room);
  });

  test('several related ones at one position', async () => {
    const [one, two] = await open('ann').joinAll(['team/a', 'team/b']);
    expect(one?.position).toBe(two?.position);
  });

  test('messages reach the others, and come back to their sender', async () => {
    const ann = await open('ann').join('room');
    const bob = await open('bob').join('room');
    const seen: string[] = [];
    for (const room of [ann, bob]) {
      room.on('message', (m) => {
        if (m.kind === 'bcast') seen.push(`${m.own ? 'own' : m.sender}: ${text(m.data)}`);
      });
    }
    await ann.broadcast('hello');
    await ann.broadcast(new Uint8Array([104, 105]), { exclusive: true });
    await turns();
    expect(seen.sort()).toEqual(['ann: hello', 'ann: hi', 'own: hello']);
  });

  test('objects are updated, replaced and read', async () => {
    const ann = await open('ann').join('room');
    const bob = await open('bob').join('room');
    await ann.object('doc').update('one');
    await bob.object('doc').update(' two');
    expect(ann.object('doc').text()).toBe('one two');
    expect(bob.object('doc').updates().map(text)).toEqual(['one', ' two']);
    await bob.object('doc').replace('three');
    await turns();
    expect(ann.object('doc').text()).toBe('three');
    expect(ann.objects().map(({ id }) => id)).toEqual(['doc']);
  });

  test('a transaction takes effect at one position', async () => {
    const room = await open('ann').join('room');
    const positions: number[] = [];
    room.on('message', ({ globalId }) => positions.push(globalId));
    const { globalId } = await room.transaction([
      { kind: 'obj_state', object: 'a', update: 'NEW', data: '1' },
      { kind: 'bcast', data: 'changed' },
    ]);
    expect(positions).toEqual([globalId, globalId]);
  });

  test('a checkpoint replaces all objects', async () => {
    const room = await open('ann').join('room');
    await room.object('old').update('x');
    await room.checkpoint({ a: '1', b: new Uint8Array([50]) });
    expect(room.objects().map((object) => [object.id, object.text()])).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  test.each([
    ['an array', new Uint8Array([65])],
    ['a Buffer', Buffer.from([65])],
  ])('what its owner does with %s after sending it changes nothing', async (_, data) => {
    const room = await open('ann').join('room');
    const sent = room.object('doc').update(data);
    data[0] = 66;
    await sent;
    expect(room.object('doc').text()).toBe('A');
  });

  test('volatile messages go out when there is a connection', async () => {
    const ann = await open('ann').join('room');
    const bob = await open('bob').join('room');
    const seen: string[] = [];
    bob.on('volatile', ({ sender, data }) => seen.push(`${sender} ${text(data)}`));
    ann.volatile('here');
    await turns();
    expect(seen).toEqual(['ann here']);
  });

  test('leaving ends it, for its readers too', async () => {
    const room = await open('ann').join('room');
    const left = vi.fn();
    room.on('left', left);
    const messages = room.messages();
    await room.leave();
    expect(left).toHaveBeenCalledWith({ why: 'left' });
    expect(room.state).toBe('left');
    expect(await messages.next()).toEqual({ done: true, value: undefined });
    await expect(room.object('doc').update('x')).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
  });

  test('a join can be given up', async () => {
    network.down = true;
    const giveUp = new AbortController();
    const joining = open('ann').join('room', { signal: giveUp.signal });
    giveUp.abort();
    await expect(joining).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('a watch', () => {
  test('sees without being seen', async () => {
    const ann = await open('ann').join('room');
    const watch = await open('eve').watch('room');
    const kinds: string[] = [];
    watch.on('message', ({ kind }) => kinds.push(kind));
    await ann.broadcast('hello');
    await turns();
    expect(kinds).toEqual(['bcast']);
    expect(watch.members()).toHaveLength(1);
    expect(watch.cursor).toMatchObject({ globalId: expect.any(Number), epoch: 1 });
    watch.stop();
    expect(watch.state).toBe('left');
  });

  test('the state can be read without joining', async () => {
    const room = await open('ann').join('room');
    await room.object('doc').update('x');
    const state = await open('eve').readState('room');
    expect([...state.objects.keys()]).toEqual(['doc']);
  });
});

describe('a lock', () => {
  test('is granted, fences writes, and is given up', async () => {
    const ann = await open('ann').join('room');
    const bob = await open('bob').join('room');
    const lock = await ann.lock(['doc']);
    await turns();
    expect(lock).toMatchObject({ state: 'held', objects: ['doc'], fence: expect.any(Number) });
    expect(bob.lockSets()).toMatchObject([{ holder: 'ann', fence: lock.fence }]);
    await expect(bob.object('doc').update('x')).rejects.toMatchObject({ code: 'LOCKED' });
    await ann.object('doc').update('y');
    const released = vi.fn();
    lock.on('released', released);
    await lock.release();
    expect(released).toHaveBeenCalledOnce();
    expect(ann.locks()).toEqual([]);
  });

  test('is denied at once when it does not wait', async () => {
    const ann = await open('ann').join('room');
    const bob = await open('bob').join('room');
    await ann.lock('doc');
    await expect(bob.lock('doc', { wait: false })).rejects.toMatchObject({ code: 'LOCK_DENIED' });
  });

  test('waits, and says so', async () => {
    const ann = await open('ann').join('room');
    const bob = await open('bob').join('room');
    const held = await ann.lock('doc');
    const onWaiting = vi.fn();
    const waiting = bob.lock('doc', { onWaiting });
    await turns();
    expect(onWaiting).toHaveBeenCalledOnce();
    await held.release();
    expect((await waiting).state).toBe('held');
  });

  test.each(['ABORTED', 'TIMEOUT'])(
    '%s: a request that is given up leaves nothing',
    async (code) => {
      const ann = await open('ann').join('room');
      const bob = await open('bob').join('room');
      const held = await ann.lock('doc');
      const giveUp = new AbortController();
      const how = code === 'ABORTED' ? { signal: giveUp.signal } : { timeoutMs: 1_000 };
      const waiting = bob.lock('doc', how);
      await turns();
      if (code === 'ABORTED') giveUp.abort();
      else vi.advanceTimersByTime(1_000);
      await expect(waiting).rejects.toMatchObject({ code });
      await held.release();
      await turns();
      expect(bob.lockSets()).toEqual([]);
    },
  );

  test('given up too late, it is given back', async () => {
    const bob = await open('bob').join('room');
    const giveUp = new AbortController();
    const waiting = bob.lock('doc', { signal: giveUp.signal });
    // The server grants it in the turn in which the caller gives up.
    await Promise.resolve();
    giveUp.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    await turns();
    expect(bob.lockSets()).toEqual([]);
    expect(bob.locks()).toEqual([]);
  });

  test.each([2 ** 31, Number.POSITIVE_INFINITY])(
    'is not given up sooner than after %d ms',
    async (timeoutMs) => {
      const ann = await open('ann').join('room');
      const bob = await open('bob').join('room');
      const held = await ann.lock('doc');
      const waiting = bob.lock('doc', { timeoutMs });
      await vi.advanceTimersByTimeAsync(1_000);
      await held.release();
      expect((await waiting).state).toBe('held');
    },
  );

  test('given up when there was no room to say so, it is given back', async () => {
    const room = await open('ann', { outboxMessagesMax: 2 }).join('room');
    network.down = true;
    network.last.cut();
    const giveUp = new AbortController();
    const waiting = room.lock('doc', { signal: giveUp.signal });
    const sent = room.broadcast('x');
    giveUp.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    network.down = false;
    await vi.advanceTimersByTimeAsync(1_000);
    await sent;
    expect(room.lockSets()).toEqual([]);
  });

  test('is unconfirmed without a connection, and confirmed on coming back', async () => {
    const room = await open('ann').join('room');
    const lock = await room.lock('doc');
    const told: string[] = [];
    lock.on('unconfirmed', () => told.push('unconfirmed'));
    lock.on('confirmed', () => told.push('confirmed'));
    network.last.cut();
    expect(lock.state).toBe('unconfirmed');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lock.state).toBe('held');
    expect(told).toEqual(['unconfirmed', 'confirmed']);
  });

  test('is unconfirmed when the client has ended', async () => {
    const ann = open('ann');
    const lock = await (await ann.join('room')).lock('doc');
    const unconfirmed = vi.fn();
    lock.on('unconfirmed', unconfirmed);
    await ann.close();
    expect(lock.state).toBe('unconfirmed');
    expect(unconfirmed).toHaveBeenCalledOnce();
  });

  test('is lost when its grace ran out', async () => {
    const room = await open('ann').join('room');
    const lock = await room.lock('doc');
    const lost = vi.fn();
    lock.on('lost', lost);
    network.down = true;
    network.last.close();
    network.server.expireGrace();
    network.down = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lost).toHaveBeenCalledWith({ cause: 'grace_expired', by: null, reason: '' });
  });
});

describe('without a connection', () => {
  test('work waits, is counted, and goes out on coming back', async () => {
    const ann = open('ann');
    const room = await ann.join('room');
    const counts: number[] = [];
    ann.on('pending', (pending) => counts.push(pending));
    network.last.cut();
    const sent = [room.object('doc').update('a'), room.object('doc').update('b')];
    expect(ann.pending).toBe(2);
    expect(ann.connection.state).toBe('offline');
    expect(room.state).toBe('rejoining');
    const rejoined = vi.fn();
    room.on('rejoined', rejoined);
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(sent);
    expect(rejoined).toHaveBeenCalledWith({
      delivered: expect.any(Number),
      resent: 2,
      duplicates: 0,
      conflicts: [],
      discarded: [],
      gap: false,
    });
    expect(counts.at(-1)).toBe(0);
    expect(room.object('doc').text()).toBe('ab');
  });

  test('what conflicts is withdrawn: its promise, the group and the client say so', async () => {
    const ann = open('ann');
    const room = await ann.join('room');
    const other = await open('bob').join('room');
    network.down = true;
    network.sockets[0]?.close();
    const events: string[] = [];
    room.on('withdrawn', ({ why }) => events.push(why));
    room.on('reset', () => events.push('reset'));
    ann.on('withdrawn', ({ group }) => events.push(group));
    const [conflict, discarded] = [room.object('doc').update('x'), room.broadcast('y')];
    await (await other.lock('doc')).release();
    network.down = false;
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(conflict).rejects.toMatchObject({ code: 'WITHDRAWN_CONFLICT' });
    await expect(discarded).rejects.toMatchObject({ code: 'WITHDRAWN_DISCARDED' });
    expect(events).toEqual(['conflict', 'room', 'discarded', 'room', 'reset']);
  });

  test('nobody is told of a withdrawal before the store has forgotten it', async () => {
    const removed: [number, boolean][] = [];
    let forgotten = (): void => {};
    const outbox: OutboxStore = {
      load: () => ({ identity: null, lastLocalId: 0, records: [] }),
      saveIdentity: () => {},
      store: () => {},
      remove: (localId, decided) => {
        removed.push([localId, decided]);
        if (decided) return;
        return new Promise((resolve) => {
          const before = forgotten;
          forgotten = () => {
            before();
            resolve();
          };
        });
      },
      close: () => {},
    };
    const ann = open('ann', { outbox });
    const room = await ann.join('room');
    await room.broadcast('taken');
    const other = await open('bob').join('room');
    network.down = true;
    network.sockets[0]?.close();
    const told: string[] = [];
    room.on('withdrawn', ({ why }) => told.push(why));
    const lost = [room.object('doc').update('x'), room.broadcast('y')];
    for (const promise of lost) promise.catch(() => {});
    await (await other.lock('doc')).release();
    network.down = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual([]);
    expect(removed).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
    forgotten();
    await turns();
    expect(told).toEqual(['conflict', 'discarded']);
  });
});

describe('every promise settles', () => {
  test('CLOSED when the client is closed', async () => {
    const ann = open('ann');
    const room = await ann.join('room');
    await (await open('bob').join('room')).lock('doc');
    network.down = true;
    network.sockets[0]?.cut();
    const promises = [
      room.broadcast('x'),
      room.object('doc').update('x'),
      room.lock('doc'),
      room.leave(),
      ann.join('other'),
      ann.watch('third'),
      ann.readState('room'),
      ann.status(),
    ];
    await ann.close();
    const outcomes = await Promise.allSettled(promises);
    expect(outcomes.map((o) => (o.status === 'rejected' ? codeOf(o.reason) : o.status))).toEqual(
      Array(promises.length).fill('CLOSED'),
    );
    await expect(room.broadcast('y')).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test('with the code of the server when it ends the session', async () => {
    const ann = open('ann');
    await ann.join('room');
    network.down = true;
    network.last.cut();
    const sent = ann.broadcast('room', 'x');
    network.down = false;
    const ended = vi.fn();
    ann.on('ended', ended);
    open('ann');
    await vi.advanceTimersByTimeAsync(1_000);
    await ann.close();
    await Promise.allSettled([sent]);
    expect(ended).toHaveBeenCalledOnce();
  });

  test('at once for what cannot be taken', async () => {
    const ann = open('ann', { outboxMessagesMax: 1 });
    const outcomes = await Promise.allSettled([
      ann.broadcast('a//b', 'x'),
      ann.broadcast('room', 'x'),
      ann.broadcast('room', 'x'),
      ann.send([]),
      ann.join('room', { name: '' }),
      ann.create('room', { properties: { ['n'.repeat(101)]: 'x' } }),
    ]);
    expect(outcomes.map((o) => (o.status === 'rejected' ? codeOf(o.reason) : o.status))).toEqual([
      'BAD_NAME',
      'fulfilled',
      'OUTBOX_FULL',
      'MALFORMED',
      'BAD_NAME',
      'TOO_LARGE',
    ]);
  });

  test('a promise may be let go', async () => {
    const ann = open('ann');
    const room = await ann.join('room');
    const refused = vi.fn();
    room.on('refused', refused);
    await (await open('bob').join('room')).lock('doc');
    void room.object('doc').update('x');
    await turns();
    expect(refused).toHaveBeenCalledOnce();
  });
});

describe('listeners', () => {
  test('can stop listening', async () => {
    const room = await open('ann').join('room');
    const listener = vi.fn();
    const stop = room.on('message', listener);
    await room.broadcast('one');
    stop();
    stop();
    await room.broadcast('two');
    expect(listener).toHaveBeenCalledOnce();
  });

  test('see a group as it was with the message that they are told', async () => {
    const ann = await open('ann').join('room');
    const bob = await open('bob').join('room');
    const seen: string[] = [];
    bob.on('message', () => seen.push(bob.object('doc').text()));
    await Promise.all([ann.object('doc').update('a'), ann.object('doc').update('b')]);
    await turns();
    expect(seen).toEqual(['a', 'ab']);
  });

  test('may give commands', async () => {
    const room = await open('ann').join('room');
    const answered: Promise<unknown>[] = [];
    room.on('message', (m) => {
      if (m.kind === 'bcast' && text(m.data) === 'ping') answered.push(room.broadcast('pong'));
    });
    await room.broadcast('ping');
    await turns();
    expect(answered).toHaveLength(1);
    await answered[0];
  });
});

describe('for await', () => {
  test('gives the messages in order', async () => {
    const room = await open('ann').join('room');
    const messages = room.messages();
    for (const word of ['a', 'b', 'c']) await room.broadcast(word);
    const seen: string[] = [];
    for await (const message of messages) {
      if (message.kind === 'bcast') seen.push(text(message.data));
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(await messages.next()).toMatchObject({ done: true });
  });

  test('BEHIND: a reader that is too slow is told, after what was buffered', async () => {
    const room = await open('ann').join('room');
    const messages = room.messages({ bufferedMax: 2 });
    for (const word of ['a', 'b', 'c']) await room.broadcast(word);
    expect(await messages.next()).toMatchObject({ done: false });
    expect(await messages.next()).toMatchObject({ done: false });
    await expect(messages.next()).rejects.toMatchObject({ code: 'BEHIND' });
    expect(await messages.next()).toMatchObject({ done: true });
  });

  test('ends when the client is closed', async () => {
    const ann = open('ann');
    const next = (await ann.join('room')).messages().next();
    await ann.close();
    expect(await next).toMatchObject({ done: true });
  });
});

describe('the socket', () => {
  test('what is said in one turn goes out in one frame', async () => {
    const room = await open('ann').join('room');
    const before = network.last.frames.length;
    for (let i = 0; i < 10; i++) void room.broadcast(String(i));
    await turns();
    expect(network.last.frames.slice(before)).toHaveLength(1);
    expect(network.last.frames.at(-1)).toHaveLength(10);
  });

  test('is given no more than it takes', async () => {
    const room = await open('ann', { bufferBytesMax: 1_000 }).join('room');
    network.last.bufferedAmount = 1_001;
    const before = network.last.said.length;
    const sent = room.broadcast('x');
    await vi.advanceTimersByTimeAsync(200);
    expect(network.last.said).toHaveLength(before);
    network.last.bufferedAmount = 0;
    await vi.advanceTimersByTimeAsync(200);
    await sent;
  });

  test('an address that the runtime will not have counts as one that cannot be reached', async () => {
    const mixed = 'An insecure connection may not be initiated from a secure page.';
    class Strict extends network.WebSocket {
      constructor(url: string, protocols: string[]) {
        if (url === 'ws://one') throw new Error(mixed);
        super(url, protocols);
      }
    }
    const ann = connect(['ws://one', 'wss://two'], { WebSocket: Strict });
    clients.push(ann);
    expect(ann.connection).toMatchObject({ state: 'offline', why: mixed });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ann.connection).toMatchObject({ state: 'online', url: 'wss://two' });
  });

  test.each([
    ['text', 'hello'],
    ['nonsense', new Uint8Array([255, 255, 255]).buffer],
  ])('%s from the server is a violation, and another connection is tried', async (_, data) => {
    const ann = open('ann');
    await ann.join('room');
    const violation = vi.fn();
    ann.on('violation', violation);
    network.last.inject(data);
    expect(violation).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(network.sockets).toHaveLength(2);
    expect(ann.connection.state).toBe('online');
  });

  test('closing says bye', async () => {
    const ann = open('ann');
    await ann.join('room');
    await ann.close();
    expect(network.last.said.at(-1)).toEqual({ kind: 'bye' });
    expect(network.last.readyState).toBe(3);
  });
});
