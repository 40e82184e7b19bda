/** A Join that arrives late: its sender was added by others, who have been removed since. */
import { describe, expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

/** The fourth was added by its sponsor alone; both were cut off, and the others went on without them. */
function misled(sponsor: number): Cluster {
  const cluster = Cluster.formed(3, { beside: 1 });
  const parted = [sponsor, 4].map((number) => cluster.at(number).id);
  cluster.isCut = (from, to) => parted.includes(from) !== parted.includes(to);
  cluster.at(4).join(group, cluster.now);
  cluster.run(1_500);
  return cluster;
}

describe('a joiner whose sponsor was removed', () => {
  test.each([
    { what: 'tell it of the group', sponsor: 1, first: 2, which: 1 },
    { what: 'tell it, who does not name it, of the group', sponsor: 2, first: 1, which: 0 },
    { what: 'add it', sponsor: 2, first: 1, which: 1 },
  ])('starts anew as soon as the others $what', ({ sponsor, first, which }) => {
    const cluster = misled(sponsor);
    const members = [first, 3].map((number) => cluster.at(number).id);
    expect(cluster.of(first, 'view').at(-1)?.view.members).toEqual(members);
    const four = cluster.at(4).id;
    // Its first Join names nothing; the next one names the group.
    const joins = cluster.lost.filter(({ from, to }) => from === four && to === members[0]);
    const join = joins[which];
    if (join === undefined) throw new Error('no Join');
    cluster.silent.add(cluster.at(sponsor).id);
    cluster.isCut = () => false;
    cluster.transmit(join);
    cluster.run(100);
    expect(cluster.of(4, 'excluded')).toHaveLength(1);
    cluster.run(2_000);
    expect(cluster.of(first, 'view').at(-1)?.view.members).toEqual(members);
    expect(cluster.texts(3)).toEqual(cluster.texts(first));
  });
});
