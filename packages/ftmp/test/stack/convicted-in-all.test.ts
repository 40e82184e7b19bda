/** D2, the half of the survivors: who is convicted in one group is removed from every group that it shares with them (paper 2). */
import { describe, expect, test } from 'vitest';
import { checked, decode, type GroupId, groupId, isRefusal } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';

const other = groupId(2);

/**
 * Four processors: the first three in one group, all of them in another, and of the first group's datagrams none goes to the
 * third, or comes from it.
 */
function cutOffInOne(): Cluster {
  const cluster = Cluster.formed(3, { beside: 1 });
  for (const number of [1, 2, 3, 4]) {
    cluster.at(number).join(other, cluster.now, number === 1);
    cluster.run(300);
  }
  const victim = cluster.at(3).id;
  cluster.isCut = (from, to, bytes) =>
    (from === victim || to === victim) && groupOf(bytes) === group;
  cluster.run(2_000);
  return cluster;
}

function groupOf(datagram: Uint8Array): GroupId | null {
  const message = decode(checked.open(datagram) ?? datagram);
  return isRefusal(message) ? null : message.header.group;
}

function lastView(cluster: Cluster, number: number, of: GroupId): readonly number[] | undefined {
  const views = cluster.of(number, 'view').filter((effect) => effect.group === of);
  return views.at(-1)?.view.members;
}

describe('who is cut off in one of its groups, and heard in another', () => {
  test('is removed from both by those who share both', () => {
    const cluster = cutOffInOne();
    const [one, two, , four] = cluster.processors.map(({ id }) => id);
    for (const number of [1, 2]) {
      expect(lastView(cluster, number, group)).toEqual([one, two]);
      expect(lastView(cluster, number, other)).toEqual([one, two, four]);
      expect(cluster.of(number, 'excluded')).toEqual([]);
    }
  });

  test('is removed from the other by who shares only that, too', () => {
    const cluster = cutOffInOne();
    const [one, two, , four] = cluster.processors.map(({ id }) => id);
    expect(lastView(cluster, 4, other)).toEqual([one, two, four]);
    expect(cluster.of(4, 'excluded')).toEqual([]);
  });

  test('hears so in the group in which it is heard, and has left both', () => {
    const cluster = cutOffInOne();
    const groups = cluster.of(3, 'excluded').map((effect) => effect.group);
    expect(new Set(groups)).toEqual(new Set([group, other]));
    expect(groups).toHaveLength(2);
  });
});

test('who leaves one group in order stays in the other', () => {
  const cluster = Cluster.formed(3);
  for (const number of [1, 2, 3]) {
    cluster.at(number).join(other, cluster.now, number === 1);
    cluster.run(300);
  }
  cluster.at(3).leave(group, cluster.now);
  cluster.run(2_000);
  for (const number of [1, 2]) {
    expect(lastView(cluster, number, group)).toHaveLength(2);
    expect(lastView(cluster, number, other)).toHaveLength(3);
  }
});
