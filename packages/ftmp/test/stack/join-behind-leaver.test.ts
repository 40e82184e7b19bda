/** Somebody joins while another leaves. */
import { expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

test('a joiner has no view before the members have installed the one without the leaver (P1)', () => {
  const cluster = Cluster.formed(3, { beside: 1 });
  cluster.leaveLacking(3);
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
