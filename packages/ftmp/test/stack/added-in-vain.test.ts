/** Two members add two incarnations of one processor at one time: the one that comes second in the order is added in vain (S32). */
import { expect, test } from 'vitest';
import { processorId } from '../../src/index.ts';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

test('nothing is sent to it, nor waited for, without end', () => {
  const cluster = Cluster.formed(3, { beside: 1 });
  const [one, two, , four] = cluster.processors.map(({ id }) => id);
  const [lineage, ...later] = cluster.of(1, 'view').map(({ view }) => view.id);
  const view = later.at(-1);
  if (lineage === undefined || view === undefined) throw new Error('no view');
  // The second alone hears the new incarnation; the first hears the old one, and nothing of that.
  cluster.isCut = (from, to, bytes) =>
    (from === four && to !== two && bytes[7] === messageTypes.join) ||
    (from === two && to === one && bytes[7] === messageTypes.addProcessor);
  cluster.at(4).join(group, cluster.now);
  while (!cluster.events[1]?.some(({ kind }) => kind === 'added')) cluster.run(1);
  const join = { minorMin: 0, minorMax: 0, sequence: 0, address: new Uint8Array(1) };
  const old = forged(processorId(4, 9), { type: 'join', ...join, lineage, view });
  cluster.at(1).receive(old, cluster.now);
  cluster.run(1);
  cluster.isCut = () => false;
  cluster.run(1_000);
  expect(cluster.of(1, 'view').at(-1)?.view.members).toEqual(
    cluster.processors.map(({ id }) => id),
  );
  const repeated = (): number =>
    cluster.events.flat().filter(({ kind }) => kind === 'retransmitted').length;
  const before = repeated();
  cluster.run(1_000);
  expect(repeated()).toBe(before);
  // Nor does anybody look every 10 ms whether it is silent.
  let longest = 0;
  for (let n = 0; n < 100; n += 1) {
    cluster.run(1);
    longest = Math.max(longest, cluster.at(1).due - cluster.now);
  }
  expect(longest).toBeGreaterThan(10);
});
