/** A busy group with large datagrams is joined by a processor whose path drops them. */
import { describe, expect, test } from 'vitest';
import { Cluster, type ClusterOptions, group } from './cluster.ts';

const long = 'x'.repeat(3_000);

/** Two of three members send by turns, all the time; for how long the third was given nothing at most, in milliseconds. */
function work(cluster: Cluster, forMs: number, everyMs = 1): number {
  let [seen, since, longest] = [cluster.texts(3).length, cluster.now, 0];
  for (const end = cluster.now + forMs; cluster.now < end; ) {
    for (const number of everyMs === 1 ? [1 + (cluster.now % 2)] : [1, 2])
      cluster.send(number, long);
    cluster.run(everyMs);
    const { length } = cluster.texts(3);
    if (length > seen) [seen, since] = [length, cluster.now];
    longest = Math.max(longest, cluster.now - since);
  }
  return longest;
}

/** The largest Regular message of a processor since an event of its. */
function largest(cluster: Cluster, number: number, from: number): number {
  const events = (cluster.events[number - 1] ?? []).slice(from);
  const sizes = events.map((event) =>
    event.kind === 'sent' && event.type === 'regular' ? event.bytes : 0,
  );
  return Math.max(...sizes);
}

/** The times that the first processor added somebody. */
function added(cluster: Cluster): unknown[] {
  return (cluster.events[0] ?? []).filter(({ kind }) => kind === 'added');
}

function isNarrow(cluster: Cluster): Cluster['isCut'] {
  const { id } = cluster.at(4);
  return (from, to, bytes) => bytes.length > 1_500 && (from === id || to === id);
}

function busy(options: ClusterOptions = {}): Cluster {
  const cluster = Cluster.formed(3, { ...options, beside: 1 });
  work(cluster, 300);
  expect(largest(cluster, 1, 0)).toBeGreaterThan(2_900);
  return cluster;
}

describe('a joiner on a path that drops fragments', () => {
  test('is added, and the group goes on meanwhile and afterwards', () => {
    const cluster = busy();
    cluster.isCut = isNarrow(cluster);
    cluster.at(4).join(group, cluster.now);
    const pause = work(cluster, 500);
    expect(cluster.of(4, 'view').at(-1)?.view.members).toHaveLength(4);
    expect(Math.max(pause, work(cluster, 500))).toBeLessThan(300);
    expect(cluster.of(4, 'excluded')).toEqual([]);
    cluster.run(100);
    const given = cluster.texts(4).length;
    expect(given).toBeGreaterThan(100);
    expect(cluster.texts(3).length).toBeGreaterThan(given);
  });

  test('is sent packets from its first Join on', () => {
    const cluster = busy();
    cluster.isCut = isNarrow(cluster);
    cluster.at(4).join(group, cluster.now);
    work(cluster, 5);
    const from = [1, 2].map((number) => cluster.events[number - 1]?.length ?? 0);
    work(cluster, 500);
    for (const [at, number] of [1, 2].entries()) {
      const bytes = largest(cluster, number, from[at] ?? 0);
      expect(bytes).toBeGreaterThan(1_000);
      expect(bytes).toBeLessThanOrEqual(1_400);
    }
  });

  test('is not added while a member may send large that has not heard its Join', () => {
    const cluster = busy();
    const [away, narrow] = [cluster.at(2).id, isNarrow(cluster)];
    cluster.isCut = (from, to, bytes) => from === away || to === away || narrow(from, to, bytes);
    cluster.at(4).join(group, cluster.now);
    cluster.run(250);
    expect(added(cluster)).toHaveLength(2);
    // It does not know of any joiner yet, and the others have confirmed its probes lately.
    cluster.isCut = narrow;
    const from = cluster.events[1]?.length ?? 0;
    cluster.send(2, long);
    cluster.run(1);
    expect(largest(cluster, 2, from)).toBeGreaterThan(2_900);
    cluster.run(300);
    expect(added(cluster)).toHaveLength(3);
    expect(cluster.of(4, 'view').at(-1)?.view.members).toHaveLength(4);
    cluster.send(2, long);
    cluster.run(100);
    expect(cluster.texts(4).at(-1)).toBe(long);
  });

  test('is added after seven seconds where a member does not hear its Joins', () => {
    const cluster = busy();
    const [deaf, joiner] = [cluster.at(2).id, cluster.at(4).id];
    cluster.isCut = (from, to) => from === joiner && to === deaf;
    cluster.at(4).join(group, cluster.now);
    work(cluster, 6_600, 30);
    expect(added(cluster)).toHaveLength(2);
    const from = cluster.events[1]?.length ?? 0;
    work(cluster, 500, 30);
    expect(added(cluster)).toHaveLength(3);
    expect(largest(cluster, 2, from)).toBeLessThanOrEqual(1_400);
  });

  test('is not added when it has ceased to ask', () => {
    const cluster = busy();
    const [deaf, joiner] = [cluster.at(2).id, cluster.at(4).id];
    cluster.isCut = (from, to) => from === joiner && to === deaf;
    cluster.at(4).join(group, cluster.now);
    cluster.run(100);
    cluster.silent.add(joiner);
    cluster.run(8_000);
    expect(added(cluster)).toHaveLength(2);
  });
});

test('a confirmation does not count before what its sender sent earlier has come', () => {
  const cluster = Cluster.formed(2);
  const [first, second] = [cluster.at(1).id, cluster.at(2).id];
  let isCut = true;
  // H5: Regular is type 0.
  cluster.isCut = (from, to, bytes) => isCut && from === first && to === second && bytes[7] === 0;
  cluster.send(1, 'missing');
  cluster.run(10);
  for (let n = 0; n < 50; n += 1) {
    cluster.send(2, long);
    cluster.run(2);
  }
  expect(largest(cluster, 2, 0)).toBeLessThanOrEqual(1_400);
  isCut = false;
  cluster.run(100);
  cluster.send(2, long);
  cluster.run(10);
  expect(largest(cluster, 2, 0)).toBeGreaterThan(2_900);
});

test('a joiner whose path passes large datagrams is sent them soon', () => {
  const cluster = busy();
  cluster.at(4).join(group, cluster.now);
  work(cluster, 500);
  const from = cluster.events[0]?.length ?? 0;
  work(cluster, 200);
  expect(largest(cluster, 1, from)).toBeGreaterThan(2_900);
  expect(cluster.texts(4).length).toBeGreaterThan(100);
});

test('a joiner does not take the confirmation of its Join for that of a probe, when it comes late', () => {
  const cluster = busy();
  cluster.send(3, long);
  cluster.run(50);
  const joiner = cluster.at(4);
  const early: Uint8Array[] = [];
  cluster.isCut = (_, to, bytes) => {
    if (to === joiner.id) early.push(bytes);
    return false;
  };
  joiner.join(group, cluster.now);
  cluster.run(100);
  expect(cluster.of(4, 'view')).toHaveLength(1);
  for (const bytes of early) joiner.receive(bytes, cluster.now);
  cluster.send(4, long);
  cluster.run(1);
  expect(largest(cluster, 4, 0)).toBeLessThanOrEqual(1_400);
  cluster.run(10);
  cluster.send(4, long);
  cluster.run(1);
  expect(largest(cluster, 4, 0)).toBeGreaterThan(2_900);
});
