/** How large datagrams are. */
import { describe, expect, test } from 'vitest';
import { processorId } from '../../src/index.ts';
import { Sizing } from '../../src/stack/sizing.ts';
import { Cluster } from './cluster.ts';

const sizes = { packetBytes: 1_400, datagramBytes: 16_000 };
const [one, two] = [processorId(1, 7), processorId(2, 7)];
const others = [one, two];

function confirmed(now: number): Sizing {
  const sizing = new Sizing(sizes);
  sizing.probed(now, 5);
  for (const id of others) sizing.confirmed(id, 5);
  return sizing;
}

/** A probe, which is confirmed at once. */
function confirm(sizing: Sizing, now: number): void {
  sizing.probed(now, now);
  for (const id of others) sizing.confirmed(id, now);
}

/** A hundred of this size at time 0, so many of which somebody misses. */
function lose(sizing: Sizing, bytes: number, missed: number): void {
  for (let n = 0; n < 100; n += 1) sizing.sent(bytes, 0);
  for (let n = 0; n < missed; n += 1) sizing.missed(n, bytes, 0);
}

describe('the size of datagrams', () => {
  test('is that of a packet until every other member has confirmed a probe', () => {
    const sizing = new Sizing(sizes);
    expect(sizing.bytes(others, 0)).toBe(1_400);
    sizing.probed(0, 5);
    sizing.confirmed(one, 5);
    expect(sizing.bytes(others, 0)).toBe(1_400);
    sizing.confirmed(two, 5);
    expect(sizing.bytes(others, 0)).toBe(16_000);
    expect(sizing.bytes([...others, processorId(3, 7)], 0)).toBe(1_400);
  });

  test('falls back when confirmations are old', () => {
    expect(confirmed(0).bytes(others, 5_999)).toBe(16_000);
    expect(confirmed(0).bytes(others, 6_000)).toBe(1_400);
  });

  test('counts a confirmation from when the probe was sent that it names', () => {
    const sizing = new Sizing(sizes);
    sizing.probed(0, 2 ** 32 + 5);
    sizing.confirmed(one, 5);
    sizing.probed(4_000, 2 ** 32 + 9);
    for (const id of others) sizing.confirmed(id, 9);
    expect(sizing.bytes(others, 9_999)).toBe(16_000);
    // Copies, and what was late on the way.
    for (const id of others) sizing.confirmed(id, 5);
    expect(sizing.bytes(others, 9_999)).toBe(16_000);
    for (const id of others) sizing.confirmed(id, 9);
    expect(sizing.bytes(others, 10_000)).toBe(1_400);
    for (const id of others) sizing.confirmed(id, 7);
    expect(sizing.bytes(others, 10_000)).toBe(1_400);
  });

  test('does not count the confirmation of an earlier probe for the last one', () => {
    const sizing = new Sizing(sizes);
    sizing.probed(0, 5);
    sizing.probed(4_000, 9);
    for (const id of others) sizing.confirmed(id, 5);
    expect(sizing.bytes(others, 5_999)).toBe(16_000);
    expect(sizing.bytes(others, 6_000)).toBe(1_400);
  });

  test('is as set where that is no more than a packet', () => {
    const sizing = new Sizing({ packetBytes: 1_400, datagramBytes: 576 });
    expect(sizing.bytes(others, 0)).toBe(576);
    expect(sizing.probes(others, 100_000, 0)).toBe(false);
  });

  test('falls to a third where one in twenty large ones has to be sent again, then to a packet', () => {
    const sizing = confirmed(0);
    lose(sizing, 16_000, 5);
    expect(sizing.bytes(others, 0)).toBe(16_000);
    // Again and again the same.
    for (let n = 0; n < 100; n += 1) sizing.missed(4, 16_000, 0);
    expect(sizing.bytes(others, 0)).toBe(16_000);
    sizing.missed(5, 16_000, 0);
    expect(sizing.bytes(others, 0)).toBe(5_333);
    // What was larger was judged before.
    for (let n = 0; n < 100; n += 1) sizing.missed(n, 16_000, 0);
    expect(sizing.bytes(others, 0)).toBe(5_333);
    lose(sizing, 5_333, 6);
    expect(sizing.bytes(others, 0)).toBe(1_400);
    expect(sizing.probes(others, 100_000, 39_999)).toBe(false);
  });

  test('judges what is missed by what was sent in this second and the one before', () => {
    const sizing = confirmed(0);
    for (let n = 0; n < 200; n += 1) sizing.sent(16_000, 0);
    for (let n = 0; n < 10; n += 1) sizing.missed(n, 16_000, 1_000);
    expect(sizing.bytes(others, 1_000)).toBe(16_000);
    sizing.missed(10, 16_000, 1_000);
    expect(sizing.bytes(others, 1_000)).toBe(5_333);
  });

  test('rises after 40 seconds, a step at a time, by a probe of that size', () => {
    const sizing = confirmed(0);
    lose(sizing, 16_000, 6);
    lose(sizing, 5_333, 6);
    expect(sizing.probes(others, 100_000, 40_000)).toBe(true);
    expect(sizing.probeBytes).toBe(5_333);
    expect(sizing.bytes(others, 40_000)).toBe(1_400);
    confirm(sizing, 40_000);
    expect(sizing.bytes(others, 40_000)).toBe(5_333);
    confirm(sizing, 79_000);
    expect(sizing.probes(others, 100_000, 80_000)).toBe(true);
    expect(sizing.probeBytes).toBe(16_000);
    // That smaller ones pass says nothing of it.
    for (const id of others) sizing.confirmed(id, 79_000);
    expect(sizing.bytes(others, 80_000)).toBe(1_400);
    confirm(sizing, 80_000);
    expect(sizing.bytes(others, 80_000)).toBe(16_000);
  });

  test('falls to a third where the largest probes are never confirmed, however late', () => {
    const sizing = new Sizing(sizes);
    for (const now of [0, 50, 150, 350, 750]) {
      expect(sizing.probes(others, 100_000, now)).toBe(true);
      expect(sizing.probeBytes).toBe(16_000);
      sizing.probed(now, now);
      expect(sizing.probes(others, 100_000, now + 49)).toBe(false);
    }
    expect(sizing.probes(others, 100_000, 1_549)).toBe(false);
    expect(sizing.probes(others, 100_000, 1_550)).toBe(true);
    expect(sizing.probeBytes).toBe(5_333);
  });

  test('does not care how many small ones are lost', () => {
    const sizing = confirmed(0);
    for (let n = 0; n < 100; n += 1) sizing.missed(n, 1_400, 0);
    expect(sizing.bytes(others, 0)).toBe(16_000);
  });
});

describe('probes', () => {
  test('are for those who have more than a packet to send', () => {
    const sizing = new Sizing(sizes);
    expect(sizing.probes(others, 1_400, 0)).toBe(false);
    expect(sizing.probes(others, 1_401, 0)).toBe(true);
    expect(sizing.probes([], 100_000, 0)).toBe(false);
  });

  test('follow each other fast at first, then slowly, where nobody confirms them', () => {
    const sizing = new Sizing(sizes);
    const times: number[] = [];
    for (let now = 0; now < 20_000; now += 10) {
      if (!sizing.probes(others, 100_000, now)) continue;
      sizing.probed(now, now);
      times.push(now);
    }
    // Of the smaller size from 1,550 on.
    expect(times.slice(0, 6)).toEqual([0, 50, 150, 350, 750, 1_550]);
    expect(times.slice(6)).toEqual([
      1_600, 1_700, 1_900, 2_300, 3_100, 4_700, 7_900, 12_900, 17_900,
    ]);
  });

  test('are renewed before the confirmations are old', () => {
    const sizing = confirmed(0);
    expect(sizing.probes(others, 100_000, 1_999)).toBe(false);
    expect(sizing.probes(others, 100_000, 2_000)).toBe(true);
  });
});

describe('a group', () => {
  const long = 'x'.repeat(60_000);

  function largest(cluster: Cluster, number: number): number {
    const sizes = (cluster.events[number - 1] ?? []).map((event) =>
      event.kind === 'sent' && event.type === 'regular' ? event.bytes : 0,
    );
    return Math.max(...sizes);
  }

  test('comes to large datagrams where they pass', () => {
    const cluster = Cluster.formed(3);
    for (let n = 0; n < 5; n += 1) {
      cluster.send(1, long);
      cluster.run(50);
    }
    expect(cluster.texts(3)).toHaveLength(5);
    expect(largest(cluster, 1)).toBeGreaterThan(15_000);
  });

  test('stays with packets where larger datagrams never come', () => {
    const cluster = Cluster.formed(3, { passesBytes: 1_500 });
    for (let n = 0; n < 5; n += 1) {
      cluster.send(1, long);
      cluster.run(200);
    }
    expect(cluster.texts(3)).toHaveLength(5);
    expect(largest(cluster, 1)).toBeLessThanOrEqual(1_400);
  });
});
