/** A configuration ends while some have installed a removal that others still hold as pending. */
import { expect, test } from 'vitest';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';

test('all who go on accept the same end, whatever each has installed before (A2)', () => {
  const cluster = Cluster.formed(5);
  const [one, leaver, unheard] = [1, 2, 4].map((number) => cluster.at(number).id);
  const behind = [3, 5].map((number) => cluster.at(number).id);
  const sizes = (): number[] =>
    [1, 3, 5].map((number) => cluster.of(number, 'view').at(-1)?.view.members.length ?? 0);
  cluster.run(2_000);
  cluster.at(2).leave(group, cluster.now);
  cluster.run(2);
  // The first installs the removal. Two others hear neither the acknowledgement of the fourth, nor that somebody has installed it.
  cluster.isCut = (from, to, bytes) =>
    behind.includes(to) &&
    (from === unheard || from === leaver || (from === one && bytes[7] === messageTypes.heartbeat));
  cluster.run(50);
  expect(sizes()).toEqual([4, 5, 5]);
  for (let n = 0; n < 40; n += 1) {
    cluster.send(1, `alive ${n}`);
    cluster.send(4, `word ${n}`);
    cluster.run(20);
  }
  expect(sizes()).toEqual([3, 3, 3]);
  const [first, ...others] = [1, 3, 5].map((number) => {
    const accepted = (cluster.events[number - 1] ?? []).filter(({ kind }) => kind === 'accepted');
    return accepted.at(-1);
  });
  expect(first).toBeDefined();
  for (const other of others) expect(other).toEqual(first);
});
