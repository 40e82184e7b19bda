/** A newcomer that is added while a link between two members is broken, which was reported before. */
import { expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

test('it is told who is suspected, and agrees with the others on whom to drop', () => {
  const cluster = Cluster.formed(4, { beside: 1 });
  const [two, four] = [2, 4].map((number) => cluster.at(number).id);
  cluster.run(2_000);
  cluster.isCut = (from, to) => (from === four && to === two) || (from === two && to === four);
  while (!cluster.events[1]?.some(({ kind }) => kind === 'suspected')) cluster.run(1);
  cluster.run(50);
  cluster.at(5).join(group, cluster.now);
  cluster.run(1_000);
  for (const number of [1, 2, 3, 5]) {
    expect(cluster.of(number, 'view').at(-1)?.view.members).toHaveLength(4);
  }
  expect(cluster.of(4, 'excluded')).toHaveLength(1);
});
