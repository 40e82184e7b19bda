/** Somebody joins while another leaves. */
import { expect, test } from 'vitest';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';

test('a joiner has no view before the members have installed the one without the leaver (P1)', () => {
  const cluster = new Cluster(4);
  for (const number of [1, 2, 3]) {
    cluster.at(number).join(group, cluster.now, number === 1);
    cluster.run(300);
  }
  const three = cluster.at(3).id;
  // The leaver is heard, and lacks something, so that it cannot acknowledge that it leaves.
  cluster.isCut = (_from, to, bytes) => to === three && bytes[7] === messageTypes.regular;
  cluster.send(2, 'lost');
  cluster.run(3);
  cluster.at(3).leave(group, cluster.now);
  cluster.run(5);
  cluster.at(4).join(group, cluster.now);
  cluster.run(200);
  expect(cluster.of(1, 'view').at(-1)?.view.members).toHaveLength(3);
  expect(cluster.of(4, 'view')).toEqual([]);
  cluster.isCut = () => false;
  cluster.run(500);
  const ids = [1, 2, 4].map((number) => cluster.of(number, 'view').at(-1)?.view.id);
  expect(cluster.of(4, 'view')).toHaveLength(1);
  expect(ids[1]).toEqual(ids[0]);
  expect(ids[2]).toEqual(ids[0]);
});
