/** Confirmations that come late, or twice: what they are worth does not hang on when they come (Z1, Z2). */
import { describe, expect, test } from 'vitest';
import { checked, decode, encode, isRefusal, processorId } from '../../src/index.ts';
import { Cluster, type ClusterOptions, group } from './cluster.ts';

const long = 'x'.repeat(3_000);
/** H5 */
const [heartbeat, addProcessor, join] = [2, 5, 16];

type Late = { readonly to: number; readonly bytes: Uint8Array };

/** A group of three that has sent large datagrams, and a fourth processor. */
function busy(options: ClusterOptions = {}): Cluster {
  const cluster = Cluster.formed(3, { ...options, beside: 1 });
  work(cluster, 300);
  expect(largest(cluster, 2, 0)).toBeGreaterThan(2_900);
  return cluster;
}

function work(cluster: Cluster, forMs: number, { by = 2, everyMs = 2 } = {}): void {
  for (const end = cluster.now + forMs; cluster.now < end; ) {
    cluster.send(by, long);
    cluster.run(everyMs);
  }
}

/** The largest Regular message of a processor since an event of its. */
function largest(cluster: Cluster, number: number, from: number): number {
  const sizes = (cluster.events[number - 1] ?? [])
    .slice(from)
    .map((event) => (event.kind === 'sent' && event.type === 'regular' ? event.bytes : 0));
  return Math.max(...sizes);
}

/** The times that the first processor added somebody. */
function added(cluster: Cluster): number {
  return (cluster.events[0] ?? []).filter(({ kind }) => kind === 'added').length;
}

function heartbeats(cluster: Cluster, number: number): number[] {
  return (cluster.events[number - 1] ?? []).flatMap((event) =>
    event.kind === 'sent' && event.type === 'heartbeat' ? [event.bytes] : [],
  );
}

function arrive(cluster: Cluster, late: readonly Late[]): void {
  for (const { to, bytes } of late) cluster.at(to).receive(bytes, cluster.now);
}

describe('a confirmation of a probe', () => {
  test('counts from when the probe was sent, however late a copy comes', () => {
    const cluster = busy();
    const [one, two, three, four] = [1, 2, 3, 4].map((number) => cluster.at(number).id);
    const copies: Late[] = [];
    cluster.isCut = (_, to, bytes) => {
      if (to === two && bytes[7] === heartbeat) copies.push({ to: 2, bytes });
      return false;
    };
    work(cluster, 2_500, { everyMs: 10 });
    cluster.isCut = () => false;
    cluster.run(10_000);
    // The path of the fourth is narrow; the second hears neither its Joins nor, for a while, that it is added.
    let isLate = true;
    cluster.isCut = (from, to, bytes) =>
      (to === two && bytes[7] === join) ||
      (isLate && to === two && bytes[7] === addProcessor) ||
      (bytes.length > 1_500 && (from === four || to === four));
    cluster.at(4).join(group, cluster.now);
    for (let ms = 0; ms < 300 && added(cluster) < 3; ms += 1) cluster.run(1);
    expect(added(cluster)).toBe(3);
    cluster.run(10);
    const from = cluster.events[1]?.length ?? 0;
    expect(copies.length).toBeGreaterThan(10);
    arrive(cluster, copies);
    cluster.send(2, long, true);
    cluster.run(1);
    isLate = false;
    cluster.run(500);
    expect(largest(cluster, 2, from)).toBeLessThanOrEqual(1_400);
    expect([one, two, three, four]).toEqual(cluster.of(4, 'view').at(-1)?.view.members);
    for (const number of [1, 2, 3, 4]) expect(cluster.texts(number).at(-1) === long).toBe(true);
  });
});

describe('a confirmation of a Join', () => {
  /** The second has heard a Join long ago, and confirmed it; the joiner asks again now, and the second does not hear that. */
  function longAgo(isJoinLate: boolean): { cluster: Cluster; late: readonly Late[] } {
    const cluster = busy();
    const [one, two, three, four] = [1, 2, 3, 4].map((number) => cluster.at(number).id);
    const joins: Late[] = [];
    const confirmations: Late[] = [];
    cluster.isCut = (from, to, bytes) => {
      if (to === three && from === four) return true;
      if (to !== one) return false;
      if (from === four && bytes[7] === join && isJoinLate) joins.push({ to: 1, bytes });
      else if (from === two && bytes[7] === heartbeat) confirmations.push({ to: 1, bytes });
      else return false;
      return true;
    };
    cluster.at(4).join(group, cluster.now);
    cluster.run(5);
    expect(confirmations.length).toBeGreaterThan(0);
    cluster.silent.add(cluster.at(4).id);
    cluster.isCut = () => false;
    cluster.run(8_100);
    work(cluster, 500);
    expect(added(cluster)).toBe(2);
    cluster.isCut = (from, to) => from === four && to !== one;
    cluster.silent.delete(cluster.at(4).id);
    cluster.run(5);
    return { cluster, late: [...joins, ...confirmations] };
  }

  test.each([
    { what: 'it comes late', isJoinLate: false },
    { what: 'it and the Join come late', isJoinLate: true },
  ])('does not show that its sender is ready now when $what', ({ isJoinLate }) => {
    const { cluster, late } = longAgo(isJoinLate);
    arrive(cluster, late);
    cluster.run(30);
    expect(added(cluster)).toBe(2);
    const from = cluster.events[1]?.length ?? 0;
    cluster.send(2, long);
    cluster.run(1);
    // It knows of no joiner: had that been added, this would stop the group where large datagrams do not pass.
    expect(largest(cluster, 2, from)).toBeGreaterThan(2_900);
  });

  test('counts no longer than the Join that it names', () => {
    const cluster = busy();
    const [two, three, four] = [2, 3, 4].map((number) => cluster.at(number).id);
    work(cluster, 100, { by: 3 });
    expect(largest(cluster, 3, 0)).toBeGreaterThan(2_900);
    // First the second hears that it asks, then, much later, the third.
    cluster.isCut = (from, to) => from === four && to === three;
    cluster.at(4).join(group, cluster.now);
    cluster.run(5);
    cluster.silent.add(cluster.at(4).id);
    cluster.run(700);
    cluster.isCut = (from, to) => from === four && to === two;
    cluster.silent.delete(cluster.at(4).id);
    cluster.run(300);
    expect(added(cluster)).toBe(2);
    cluster.isCut = () => false;
    cluster.run(300);
    expect(added(cluster)).toBe(3);
  });

  test('counts in the configuration alone that its sender was in', () => {
    const cluster = busy();
    const [one, two, , four] = [1, 2, 3, 4].map((number) => cluster.at(number).id);
    // As long as the third is expected to say that it has heard the Join, nobody adds.
    work(cluster, 100, { by: 3 });
    const late: Late[] = [];
    cluster.isCut = (from, to, bytes) => {
      if (from !== two || to !== one || bytes[7] !== heartbeat) return false;
      late.push({ to: 1, bytes });
      return true;
    };
    cluster.silent.add(cluster.at(3).id);
    cluster.run(250);
    late.length = 0;
    const copies: Late[] = [];
    const hold = cluster.isCut;
    cluster.isCut = (from, to, bytes) => {
      if (from === four && to === one) copies.push({ to: 1, bytes });
      return hold(from, to, bytes);
    };
    cluster.at(4).join(group, cluster.now);
    cluster.run(3);
    cluster.isCut = (from, to) => from === four && to === two;
    expect(late.length).toBeGreaterThan(0);
    for (let ms = 0; ms < 1_000 && cluster.of(1, 'view').at(-1)?.view.cause !== 'fault'; ms += 1)
      cluster.run(1);
    expect(cluster.of(1, 'view').at(-1)?.view.members).toEqual([one, two]);
    arrive(cluster, [...copies, ...late]);
    cluster.run(10);
    expect(added(cluster)).toBe(2);
  });
});

test('members do not use up their probes while somebody asks: they send large soon after', () => {
  const cluster = busy();
  const [three, four] = [3, 4].map((number) => cluster.at(number).id);
  work(cluster, 100, { by: 3 });
  cluster.isCut = (from, to) => from === four && to === three;
  cluster.at(4).join(group, cluster.now);
  work(cluster, 3_000, { everyMs: 10 });
  expect(added(cluster)).toBe(2);
  cluster.isCut = () => false;
  work(cluster, 300, { everyMs: 10 });
  expect(added(cluster)).toBe(3);
  const from = cluster.events[1]?.length ?? 0;
  work(cluster, 200, { everyMs: 10 });
  expect(largest(cluster, 2, from)).toBeGreaterThan(2_900);
});

describe('who asks to be added again and again', () => {
  /** Joins of others, after that of the fourth. */
  function forged(cluster: Cluster, count: number): readonly Uint8Array[] {
    let sealed: Uint8Array | undefined;
    cluster.isCut = (from, _, bytes) => {
      if (from !== cluster.at(4).id) return false;
      sealed ??= bytes;
      return true;
    };
    cluster.at(4).join(group, cluster.now);
    cluster.run(1);
    cluster.silent.add(cluster.at(4).id);
    const message = decode(checked.open(sealed ?? new Uint8Array(0)) ?? new Uint8Array(0));
    if (isRefusal(message) || message.body.type !== 'join') throw new Error('no Join');
    const { header, body } = message;
    return Array.from({ length: count }, (_, at) =>
      checked.seal(encode({ ...header, source: processorId(50 + at, 9) }, body)),
    );
  }

  test('has no heartbeat for each Join', () => {
    const cluster = busy();
    const joins = forged(cluster, 1);
    const before = heartbeats(cluster, 2).length;
    for (let ms = 0; ms < 400; ms += 1) {
      for (const bytes of joins) cluster.at(2).receive(bytes, cluster.now);
      cluster.run(1);
    }
    // One in 50 ms, and for Joins one in 100.
    expect(heartbeats(cluster, 2).length - before).toBeLessThanOrEqual(14);
  });

  test('does not make heartbeats larger than a packet', () => {
    const cluster = busy({ settings: { packetBytes: 576 } });
    const joins = forged(cluster, 64);
    const before = heartbeats(cluster, 2).length;
    for (const bytes of joins) cluster.at(2).receive(bytes, cluster.now);
    cluster.run(100);
    const sizes = heartbeats(cluster, 2).slice(before);
    expect(Math.max(...sizes)).toBeGreaterThan(450);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(576 - checked.overheadBytes);
  });
});
