/** Who leaves says something behind its RemoveProcessor when the configuration ends: not everybody takes that, and nobody needs it. */
import { expect, test } from 'vitest';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';

test('who lacks it comes to the next configuration when the leaver has gone (P4)', () => {
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

test('who has installed the removal does not wait for it (P4)', () => {
  const cluster = Cluster.formed(5);
  const [one, two, three, dead, leaver] = cluster.processors.map(({ id }) => id);
  const sizes = (): number[] =>
    [1, 2, 3].map((number) => cluster.of(number, 'view').at(-1)?.view.members.length ?? 0);
  cluster.run(2_000);
  cluster.at(5).leave(group, cluster.now);
  cluster.run(2);
  // The first alone hears that the fourth has acknowledged the removal, and tells the second alone that it has installed it.
  const isUntold = (from: number, to: number, bytes: Uint8Array): boolean =>
    (from === one || from === two) &&
    (to === three || to === leaver) &&
    (bytes[7] === messageTypes.heartbeat || bytes[7] === messageTypes.refuse);
  cluster.isCut = (from, to, bytes) => (from === dead && to !== one) || isUntold(from, to, bytes);
  cluster.run(3);
  cluster.silent.add(cluster.at(4).id);
  for (let n = 0; n < 50; n += 1) {
    cluster.send(1, `alive ${n}`);
    cluster.send(2, `alive ${n}`);
    cluster.run(20);
  }
  expect(sizes()).toEqual([4, 4, 5]);
  cluster.isCut = () => false;
  cluster.run(2_000);
  expect(sizes()).toEqual([3, 3, 3]);
});
