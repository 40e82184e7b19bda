/** A Join that arrives late: its sender was added by others, who have been removed since. */
import { describe, expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

/** The fourth was added by the first alone; both were cut off, and the second and third went on without them. */
function misled(): Cluster {
  const cluster = new Cluster(4);
  for (const number of [1, 2, 3]) {
    cluster.at(number).join(group, cluster.now, number === 1);
    cluster.run(300);
  }
  const parted = [1, 4].map((number) => cluster.at(number).id);
  cluster.isCut = (from, to) => parted.includes(from) !== parted.includes(to);
  cluster.at(4).join(group, cluster.now);
  cluster.run(1_500);
  return cluster;
}

describe('a joiner whose sponsor was removed', () => {
  test('starts anew as soon as the others add it', () => {
    const cluster = misled();
    const members = [2, 3].map((number) => cluster.at(number).id);
    expect(cluster.of(2, 'view').at(-1)?.view.members).toEqual(members);
    const [one, two, , four] = cluster.processors.map(({ id }) => id);
    const join = cluster.lost.find(({ from, to }) => from === four && to === two);
    if (one === undefined || four === undefined || join === undefined) throw new Error('no Join');
    cluster.silent.add(one);
    cluster.isCut = () => false;
    cluster.transmit(join);
    cluster.run(100);
    expect(cluster.of(4, 'excluded')).toHaveLength(1);
    cluster.run(2_000);
    expect(cluster.of(2, 'view').at(-1)?.view.members).toEqual(members);
    expect(cluster.texts(3)).toEqual(cluster.texts(2));
  });
});
