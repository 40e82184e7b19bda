/** Who leaves says something behind its RemoveProcessor when the configuration ends, and has gone before everybody has come to that end. */
import { expect, test } from 'vitest';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';

test('what it said is held until all have come to the next configuration (R3)', () => {
  const cluster = Cluster.formed(6);
  const [one, cutOff, leaver, unheard] = [1, 4, 5, 6].map((number) => cluster.at(number).id);
  const sizes = (): number[] =>
    [1, 2, 3, 4].map((number) => cluster.of(number, 'view').at(-1)?.view.members.length ?? 0);
  // The first hears the sixth no more, so that it cannot acknowledge the removal; the fourth does.
  const isUnheard = (from: number, to: number): boolean => from === unheard && to === one;
  cluster.isCut = isUnheard;
  cluster.send(6, 'lost');
  while (!cluster.events[0]?.some(({ kind }) => kind === 'suspected')) cluster.run(1);
  cluster.at(5).leave(group, cluster.now);
  // The fourth does not hear what the leaver says next, and then nothing.
  cluster.isCut = (from, to, bytes) =>
    isUnheard(from, to) ||
    (from === leaver && to === cutOff && bytes[7] === messageTypes.membership);
  cluster.run(8);
  cluster.isCut = (from, to) => isUnheard(from, to) || to === cutOff;
  while (cluster.of(5, 'left').length === 0) cluster.run(1);
  expect(sizes()).toEqual([4, 4, 4, 6]);
  cluster.silent.add(cluster.at(5).id);
  cluster.isCut = () => false;
  cluster.run(1_000);
  expect(sizes()).toEqual([4, 4, 4, 4]);
});
