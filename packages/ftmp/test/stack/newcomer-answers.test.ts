/** What a member sent last has come to nobody but a newcomer, who is in no view so far. */
import { expect, test } from 'vitest';
import type { ProtocolEvent } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';

test.each([
  { network: 'with multicast', fansOut: false },
  { network: 'without multicast', fansOut: true },
])('it answers for who has crashed, and goes on with the others, $network', ({ fansOut }) => {
  const cluster = Cluster.formed(3, { fansOut, beside: 1 });
  const [three, four] = [3, 4].map((number) => cluster.at(number).id);
  cluster.run(2_000);
  cluster.at(4).join(group, cluster.now);
  const isAdded = (event: ProtocolEvent): boolean => event.kind === 'added' && event.who === four;
  while (!cluster.events[0]?.some(isAdded)) cluster.run(1);
  cluster.isCut = (from, to) => from === three && to !== four;
  cluster.run(2);
  cluster.send(3, 'last');
  cluster.run(2);
  cluster.silent.add(cluster.at(3).id);
  cluster.run(2_000);
  for (const number of [1, 2, 4]) {
    expect(cluster.of(number, 'view').at(-1)?.view.members).toHaveLength(3);
  }
  for (const number of [1, 2]) expect(cluster.texts(number)).toEqual(['last']);
});
