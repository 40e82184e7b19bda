/** A joiner whose beginning nobody who is left has come to. */
import { expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

test('gives way at once when all that held what lies before its beginning are gone', () => {
  const cluster = Cluster.formed(5, { beside: 1 });
  const [one, two] = cluster.processors.map(({ id }) => id);
  cluster.run(500);
  // What the second sends comes to the first alone, which adds the joiner behind that.
  cluster.isCut = (from, to) => from === two && to !== one;
  cluster.send(2, 'lost');
  cluster.run(40);
  cluster.at(6).join(group, cluster.now);
  while (cluster.of(6, 'address').length === 0) cluster.run(1);
  for (const number of [1, 2]) cluster.silent.add(cluster.at(number).id);
  cluster.run(1_500);
  expect(cluster.of(6, 'excluded')).toHaveLength(1);
  for (const number of [3, 4, 5]) {
    expect(cluster.of(number, 'view').at(-1)?.view.members).toHaveLength(3);
    expect(cluster.texts(number)).toEqual([]);
  }
});
