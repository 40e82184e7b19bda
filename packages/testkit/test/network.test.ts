import { expect, test } from 'vitest';
import { type Closing, type End, Network, type Peer, Random, Scheduler } from '../src/index.ts';

/** An owner that writes down what it is told. */
class Recorder implements Peer<number> {
  readonly messages: number[] = [];
  end: End<number> | null = null;
  closing: Closing | null = null;
  drains = 0;

  opened(end: End<number>): void {
    expect(this.end).toBeNull();
    this.end = end;
  }
  received(_end: End<number>, message: number): void {
    expect(this.closing).toBeNull();
    this.messages.push(message);
  }
  drained(): void {
    this.drains += 1;
  }
  closed(_end: End<number>, how: Closing): void {
    expect(this.closing).toBeNull();
    this.closing = how;
  }
}

function pair(seed: number | string) {
  const scheduler = new Scheduler();
  const network = new Network<number>({ scheduler, random: new Random(seed) });
  const server = new Recorder();
  const client = new Recorder();
  network.listen('server', () => server);
  network.connect('client', 'server', client);
  scheduler.run(20);
  if (client.end === null || server.end === null) throw new Error('not connected');
  return { scheduler, network, server, client, toServer: client.end, toClient: server.end };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('messages arrive whole and in order, both ways', () => {
  const { scheduler, server, client, toServer, toClient } = pair(1);
  for (const n of numbers(500)) {
    scheduler.run(20 + n / 10);
    toServer.send(n, 100);
    toClient.send(n, 100);
  }
  scheduler.run(1_000);
  expect(server.messages).toEqual(numbers(500));
  expect(client.messages).toEqual(numbers(500));
});

test('what the server sends before the client has opened is not lost', () => {
  const scheduler = new Scheduler();
  const network = new Network<number>({ scheduler, random: new Random('early') });
  const client = new Recorder();
  const server = new Recorder();
  network.listen('server', (end) => {
    scheduler.after(0, () => end.send(7, 1));
    return server;
  });
  network.connect('client', 'server', client);
  scheduler.run(100);
  expect(client.messages).toEqual([7]);
});

test('an orderly close comes after everything sent before it', () => {
  const { scheduler, server, toServer } = pair(2);
  for (const n of numbers(100)) toServer.send(n, 10_000);
  toServer.close(4001, 'done');
  toServer.send(100, 1);
  scheduler.run(1_000);
  expect(server.messages).toEqual(numbers(100));
  expect(server.closing).toEqual({ kind: 'orderly', code: 4001, reason: 'done' });
});

test('D2 at a cut a prefix of what is in flight arrives', () => {
  const lengths = new Set<number>();
  for (let seed = 0; seed < 200; seed += 1) {
    const { scheduler, server, toServer } = pair(seed);
    for (const n of numbers(10)) toServer.send(n, 100);
    toServer.connection.cut([null, null]);
    toServer.send(10, 100);
    scheduler.run(10_000);
    expect(server.messages, `seed ${seed}`).toEqual(numbers(server.messages.length));
    expect(server.closing, `seed ${seed}`).toBeNull();
    lengths.add(server.messages.length);
  }
  expect([...lengths].sort((one, other) => one - other)).toEqual(numbers(11));
});

test('N2 a half-open connection swallows what is sent, visibly, until its end gives up', () => {
  const { scheduler, server, client, toServer } = pair(3);
  toServer.connection.cut([null, 5]);
  for (const _ of numbers(100)) toServer.send(0, 10_000);
  scheduler.run(60_000);
  expect(server.closing).toEqual({ kind: 'lost' });
  expect(client.closing).toBeNull();
  expect(toServer.open).toBe(true);
  expect(toServer.bufferedBytes).toBe(1_000_000 - 256 * 1024);
  toServer.abort();
  expect(toServer.open).toBe(false);
});

test('N3 a reader that stops reading is felt by the sender, and by nobody when it goes on', () => {
  const { scheduler, server, client, toServer, toClient } = pair(4);
  toClient.pause();
  for (const n of numbers(100)) toServer.send(n, 10_000);
  scheduler.run(1_000);
  expect(server.messages).toEqual([]);
  expect(toServer.bufferedBytes).toBeGreaterThan(700_000);
  toClient.resume();
  scheduler.run(2_000);
  expect(server.messages).toEqual(numbers(100));
  expect(toServer.bufferedBytes).toBe(0);
  expect(client.drains).toBe(1);
});

test('N4 nobody listening refuses at once, nobody reachable only after the time to connect', () => {
  const scheduler = new Scheduler();
  const network = new Network<number>({ scheduler, random: new Random(5), connectMs: 5_000 });
  const refused = new Recorder();
  network.connect('client', 'nowhere', refused);
  network.listen('server', () => new Recorder());
  network.block('server', 'client');
  const unreachable = new Recorder();
  network.connect('client', 'server', unreachable);
  scheduler.run(100);
  expect(refused.closing).toEqual({ kind: 'refused' });
  expect(unreachable.closing).toBeNull();
  scheduler.run(10_000);
  expect(unreachable.closing).toEqual({ kind: 'refused' });
  expect(network.connections()).toEqual([]);
});

test('N5 a partition delays and does not lose; one way only what goes that way', () => {
  const { scheduler, network, server, client, toServer, toClient } = pair(6);
  network.block('client', 'server');
  for (const n of numbers(10)) {
    toServer.send(n, 100);
    toClient.send(n, 100);
  }
  scheduler.run(1_000);
  expect(server.messages).toEqual([]);
  expect(client.messages).toEqual(numbers(10));
  network.unblock('client', 'server');
  scheduler.run(5_000);
  expect(server.messages).toEqual(numbers(10));
});

test('a killed process is noticed, a host without power only when it is back and written to', () => {
  const killed = pair(7);
  killed.network.killProcess('server');
  killed.scheduler.run(100);
  expect(killed.client.closing).toEqual({ kind: 'lost' });
  expect(killed.server.closing).toBeNull();

  const dark = pair(8);
  dark.network.powerOff('server');
  dark.toServer.send(1, 100);
  dark.scheduler.run(10_000);
  expect(dark.client.closing).toBeNull();
  dark.network.powerOn('server');
  dark.scheduler.run(20_000);
  expect(dark.client.closing).toBeNull();
  dark.toServer.send(2, 100);
  dark.scheduler.run(21_000);
  expect(dark.client.closing).toEqual({ kind: 'lost' });
  expect(dark.network.connections()).toEqual([]);
});
