/** Somebody leaves whom a newcomer never hears, and a safe message comes before that in the order. */
import { expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

test('what others have installed was stable, and so was all that comes before it', () => {
  const cluster = Cluster.formed(2, { beside: 1 });
  const [one, leaver, newcomer] = cluster.processors.map(({ id }) => id);
  cluster.run(500);
  cluster.isCut = (from, to) => from === leaver && to === newcomer;
  cluster.at(3).join(group, cluster.now);
  for (let ms = 0; ms < 1_000 && cluster.of(2, 'view').at(-1)?.view.members.length !== 3; ms += 1) {
    cluster.run(1);
  }
  cluster.send(1, 'safe', true);
  cluster.at(2).leave(group, cluster.now);
  for (let ms = 0; ms < 2_000 && cluster.of(2, 'left').length === 0; ms += 1) cluster.run(1);
  expect(cluster.of(2, 'left')).toHaveLength(1);
  cluster.isCut = () => false;
  cluster.silent.add(cluster.at(2).id);
  cluster.run(3_000);
  expect(cluster.of(3, 'view').map(({ view }) => view.members)).toEqual([
    [one, leaver, newcomer],
    [one, newcomer],
  ]);
  expect(cluster.texts(3)).toEqual(['safe']);
});
