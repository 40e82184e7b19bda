/** A busy group with large datagrams is joined by a processor whose path drops them. */
import { describe, expect, test } from 'vitest';
import { Cluster, type ClusterOptions, group } from './cluster.ts';

const long = 'x'.repeat(3_000);

/** Two of three members send by turns, all the time; for how long the third was given nothing at most, in milliseconds. */
function work(cluster: Cluster, forMs: number): number {
  let [seen, since, longest] = [cluster.texts(3).length, cluster.now, 0];
  for (const end = cluster.now + forMs; cluster.now < end; ) {
    cluster.send(1 + (cluster.now % 2), long);
    cluster.run(1);
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

function isNarrow(cluster: Cluster): Cluster['isCut'] {
  const { id } = cluster.at(4);
  return (from, to, bytes) => bytes.length > 1_500 && (from === id || to === id);
}

function busy(options: ClusterOptions = {}): Cluster {
  const cluster = new Cluster(4, options);
  for (const number of [1, 2, 3]) {
    cluster.at(number).join(group, cluster.now, number === 1);
    cluster.run(300);
  }
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

  test('is waited for no longer than a second where a member does not hear its Join', () => {
    const cluster = busy();
    const [deaf, joiner] = [cluster.at(2).id, cluster.at(4).id];
    cluster.isCut = (from, to) => from === joiner && to === deaf;
    cluster.at(4).join(group, cluster.now);
    work(cluster, 900);
    expect(cluster.events[0]?.filter(({ kind }) => kind === 'added')).toHaveLength(2);
    cluster.isCut = () => false;
    work(cluster, 400);
    expect(cluster.of(4, 'view').at(-1)?.view.members).toHaveLength(4);
  });
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
