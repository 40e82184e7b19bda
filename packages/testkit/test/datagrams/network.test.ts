import { expect, test } from 'vitest';
import { DatagramNetwork, datagramBytesMax, type Weather } from '../../src/datagrams/index.ts';
import { Random, Scheduler } from '../../src/index.ts';

/** Three hosts that write down what they are sent. */
function trio(seed: number | string, weather: Weather = {}) {
  const scheduler = new Scheduler();
  const random = new Random(seed);
  const losses: string[] = [];
  const lost = (bytes: Uint8Array, from: string, to: string) => {
    losses.push(`${from}>${to}:${bytes.join('.')}`);
  };
  const network = new DatagramNetwork({ scheduler, random, weather, lost });
  const got = { a: [] as string[], b: [] as string[], c: [] as string[] };
  for (const host of ['a', 'b', 'c'] as const) {
    network.attach(host, (bytes, from) => got[host].push(`${from}:${bytes.join('.')}`));
  }
  return { scheduler, network, got, losses };
}

const one = (byte: number): Uint8Array => Uint8Array.of(byte);
const numbers = Array.from({ length: 200 }, (_, index) => index);

test('a datagram for all reaches every host but its sender, one for a host only that', () => {
  const { scheduler, network, got } = trio(1);
  network.send('a', 'all', Uint8Array.of(1, 2));
  network.send('b', 'a', one(3));
  scheduler.run(100);
  expect(got).toEqual({ a: ['b:3'], b: ['a:1.2'], c: ['a:1.2'] });
  expect([network.sent, network.arrived, network.inFlight]).toEqual([3, 3, 0]);
});

test('W1 a sender may use its buffer again at once', () => {
  const { scheduler, network, got } = trio(2);
  const buffer = one(1);
  network.send('a', 'b', buffer);
  buffer[0] = 2;
  scheduler.run(100);
  expect(got.b).toEqual(['a:1']);
});

test('W1 what does not fit into a datagram is refused', () => {
  const { network } = trio(3);
  expect(() => network.send('a', 'b', new Uint8Array(datagramBytesMax + 1))).toThrow(RangeError);
});

test('copies overtake each other by their jitter alone, and none is lost', () => {
  const { scheduler, network, got } = trio(4);
  for (const n of numbers) network.send('a', 'b', one(n));
  scheduler.run(100);
  const sent = numbers.map((n) => `a:${n}`);
  expect(got.b).not.toEqual(sent);
  expect([...got.b].sort()).toEqual(sent.sort());
});

test('W5 a datagram is lost with any of the packets that it is cut into', () => {
  const { scheduler, network, losses } = trio(7, { loss: 0.1 });
  for (const _ of numbers) network.send('a', 'b', new Uint8Array(10 * 1_480));
  scheduler.run(100);
  // Of ten packets all come in 0.9^10 = 35 % of the cases.
  expect(losses.length).toBeGreaterThan(110);
  expect(losses.length).toBeLessThan(150);
});

test('each copy is lost or not by itself, about as often as was set', () => {
  const { scheduler, network, got } = trio(5, { loss: 0.3 });
  for (const n of numbers) network.send('a', 'all', one(n));
  scheduler.run(100);
  for (const copies of [got.b, got.c]) {
    expect(copies.length).toBeGreaterThan(110);
    expect(copies.length).toBeLessThan(170);
  }
  expect(new Set(got.b)).not.toEqual(new Set(got.c));
});

test('duplicates come twice, and the weather can change during the run', () => {
  const { scheduler, network, got } = trio(6, { duplicate: 1 });
  network.send('a', 'b', one(1));
  scheduler.run(100);
  network.setWeather({});
  network.send('a', 'b', one(2));
  scheduler.run(200);
  expect(got.b).toEqual(['a:1', 'a:1', 'a:2']);
});

test('a reordered copy is late by no more than was set', () => {
  const { scheduler, network, got } = trio(7, { reorder: 0.5, reorderMsMax: 1_000 });
  for (const n of numbers) network.send('a', 'b', one(n));
  scheduler.run(5);
  expect(got.b.length).toBeGreaterThan(70);
  expect(got.b.length).toBeLessThan(130);
  scheduler.run(1_010);
  expect(got.b).toHaveLength(200);
});

test('W1 a corrupted copy differs in one bit, and the copies of others do not', () => {
  const { scheduler, network, got } = trio(8);
  const spell = network.impose({ corrupt: 1, only: (_bytes, _from, to) => to === 'b' });
  network.send('a', 'all', Uint8Array.of(0, 0, 0, 0));
  scheduler.run(100);
  const bytes = (got.b[0] ?? '').slice(2).split('.').map(Number);
  expect(bytes.reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0)).toBe(
    1,
  );
  expect(got.c).toEqual(['a:0.0.0.0']);
  expect(spell.hits).toBe(1);
});

test('loss can be aimed at some datagrams', () => {
  const { scheduler, network, got } = trio(9);
  const spell = network.impose({ loss: 1, only: (bytes) => bytes[0] === 7 });
  for (const byte of [6, 7, 8]) network.send('a', 'b', one(byte));
  scheduler.run(100);
  spell.lift();
  network.send('a', 'b', one(7));
  scheduler.run(200);
  expect(got.b.slice(0, 2).sort()).toEqual(['a:6', 'a:8']);
  expect(got.b.slice(2)).toEqual(['a:7']);
  expect(spell.hits).toBe(1);
});

test('W2 a block is one way, and ends with the last of its unblocks', () => {
  const { scheduler, network, got } = trio(10);
  network.send('a', 'b', one(0));
  network.block('a', 'b');
  network.block('a', 'b');
  network.send('a', 'b', one(1));
  network.send('b', 'a', one(2));
  network.unblock('a', 'b');
  network.send('a', 'b', one(3));
  expect(network.reaches('a', 'b')).toBe(false);
  network.unblock('a', 'b');
  network.send('a', 'b', one(4));
  expect(network.reaches('a', 'b')).toBe(true);
  scheduler.run(100);
  expect([...got.b].sort()).toEqual(['a:0', 'a:4']);
  expect(got.a).toEqual(['b:2']);
});

test('W3 what is under way reaches whoever is attached when it arrives', () => {
  const { scheduler, network, got } = trio(11);
  network.send('a', 'b', one(1));
  network.detach('b');
  scheduler.run(100);
  network.send('a', 'all', one(2));
  network.send('a', 'b', one(3));
  const later: number[] = [];
  network.attach('b', (bytes) => later.push(...bytes));
  scheduler.run(200);
  expect(got.b).toEqual([]);
  expect(later).toEqual([3]);
  expect(network.hosts()).toEqual(['a', 'b', 'c']);
});

test('whoever counts losses is told of each copy that is lost, blocked or corrupted', () => {
  const { scheduler, network, got, losses } = trio(12);
  network.block('a', 'b');
  network.impose({ loss: 1, only: (_bytes, _from, to) => to === 'c' });
  network.impose({ corrupt: 1, only: (_bytes, from) => from === 'b' });
  network.send('a', 'all', one(1));
  network.send('b', 'a', one(2));
  network.send('c', 'a', one(3));
  scheduler.run(100);
  expect(losses).toEqual(['a>b:1', 'a>c:1', 'b>a:2']);
  expect(got.a).toHaveLength(2);
});

test('W4 what is larger than the network passes is lost', () => {
  const scheduler = new Scheduler();
  const network = new DatagramNetwork({ scheduler, random: new Random(9), passesBytes: 3 });
  const got: number[] = [];
  network.attach('a', () => {});
  network.attach('b', (bytes) => got.push(bytes.length));
  for (const length of [2, 3, 4]) network.send('a', 'b', new Uint8Array(length));
  scheduler.run(100);
  expect(got).toEqual([2, 3]);
});

test('W4 to and from a narrow host less passes than elsewhere', () => {
  const scheduler = new Scheduler();
  const narrow = { host: 'c', passesBytes: 2 };
  const network = new DatagramNetwork({ scheduler, random: new Random(9), passesBytes: 3, narrow });
  const got: string[] = [];
  for (const host of ['a', 'b', 'c']) {
    network.attach(host, (bytes, from) => got.push(`${from}${host}${bytes.length}`));
  }
  for (const length of [2, 3, 4]) {
    network.send('a', 'all', new Uint8Array(length));
    network.send('c', 'b', new Uint8Array(length));
  }
  scheduler.run(100);
  expect(got.sort()).toEqual(['ab2', 'ab3', 'ac2', 'cb2']);
});
