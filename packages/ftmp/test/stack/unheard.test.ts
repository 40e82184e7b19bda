/** What a processor sent last, for those who do not hear it: they ask for it, and whoever they hear answers. */
import { describe, expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

function retransmissions(cluster: Cluster): number {
  return cluster.events.flat().filter(({ kind }) => kind === 'retransmitted').length;
}

function requests(cluster: Cluster): number {
  return cluster.events.flat().filter(({ kind }) => kind === 'asked').length;
}

function membersAt(cluster: Cluster, number: number): number | undefined {
  return cluster.of(number, 'view').at(-1)?.view.members.length;
}

describe('what a suspected processor sent last', () => {
  test('is not sent again where everybody holds it', () => {
    const cluster = Cluster.formed(6);
    for (const number of [1, 2, 3, 4, 5, 6]) cluster.send(number, `of ${number}`);
    cluster.run(200);
    for (const number of [1, 2]) cluster.silent.add(cluster.at(number).id);
    const before = retransmissions(cluster);
    cluster.run(3_000);
    expect(membersAt(cluster, 6)).toBe(4);
    expect(retransmissions(cluster) - before).toBe(0);
  });

  test('is asked for ever more rarely where nobody holds more', () => {
    const cluster = Cluster.formed(2);
    cluster.silent.add(cluster.at(1).id);
    cluster.run(10_000);
    const before = requests(cluster);
    cluster.run(10_000);
    expect(requests(cluster) - before).toBeGreaterThan(5);
    expect(requests(cluster) - before).toBeLessThan(15);
  });

  test('reaches all survivors when one of them alone had received it', () => {
    const cluster = Cluster.formed(3, { beside: 1 });
    const [sponsor, other, joiner] = [cluster.at(1).id, cluster.at(3).id, cluster.at(4).id];
    // The third knows nothing of the fourth, before the sponsor dies.
    cluster.isCut = (from, to) => to === other && (from === sponsor || from === joiner);
    cluster.at(4).join(group, cluster.now);
    cluster.run(20);
    expect(cluster.events[0]?.some(({ kind }) => kind === 'added')).toBe(true);
    cluster.silent.add(sponsor);
    cluster.isCut = () => false;
    cluster.run(3_000);
    for (const number of [2, 3, 4]) expect(membersAt(cluster, number)).toBe(3);
  });

  test('comes from others while the source, which is not heard, hears who asks', () => {
    const cluster = Cluster.formed(3);
    const [source, deaf] = [cluster.at(3).id, cluster.at(1).id];
    cluster.isCut = (from, to) => from === source && to === deaf;
    for (const text of ['a', 'b', 'c']) cluster.send(3, text);
    cluster.run(3_000);
    // The lower-ranked end of the link goes.
    for (const number of [1, 2]) {
      expect(membersAt(cluster, number)).toBe(2);
      expect(cluster.texts(number)).toEqual(['a', 'b', 'c']);
    }
  });
});
