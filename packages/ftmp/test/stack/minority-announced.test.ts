/** E8: who asks to be added is told by a minority that it is one. */
import { expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

function reasons(cluster: Cluster, number: number): readonly string[] {
  return [...new Set(cluster.of(number, 'refused').map(({ reason }) => reason))];
}

test('members without a quorum tell so, and add the newcomer when they have one again', () => {
  const cluster = Cluster.formed(3, { beside: 1 });
  cluster.run(2_000);
  const away = [2, 3].map((number) => cluster.at(number).id);
  for (const id of away) cluster.silent.add(id);
  cluster.run(1_000);
  expect(cluster.of(1, 'primary').at(-1)?.primary).toBe(false);
  cluster.at(4).join(group, cluster.now);
  cluster.run(2_000);
  expect(reasons(cluster, 4)).toEqual(['minority']);
  expect(cluster.of(4, 'view')).toEqual([]);
  cluster.silent.clear();
  cluster.run(3_000);
  expect(cluster.of(4, 'view').at(-1)?.view.members).toHaveLength(4);
});

test('who hears a minority and a majority is let in by the majority', () => {
  const cluster = Cluster.formed(3, { beside: 1 });
  cluster.run(2_000);
  const [cutOff, newcomer] = [3, 4].map((number) => cluster.at(number).id);
  cluster.isCut = (from, to) =>
    (from === cutOff || to === cutOff) && from !== newcomer && to !== newcomer;
  cluster.run(1_000);
  cluster.at(4).join(group, cluster.now);
  cluster.run(3_000);
  expect(cluster.of(4, 'view').at(-1)?.view.members).toHaveLength(3);
});
