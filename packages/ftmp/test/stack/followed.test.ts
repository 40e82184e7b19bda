/** Which AddProcessor a joiner follows: one of the group that it has named, and that had not come farther (E10). */
import { expect, test } from 'vitest';
import type { ViewId } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

/** Whether the second follows an AddProcessor of the first; what it was told of before has the timestamps 10, 20 and 30. */
function follows(named: Readonly<Record<'lineage' | 'configuration' | 'view', number>> | null) {
  const cluster = new Cluster(2);
  const [one, two] = cluster.processors.map(({ id }) => id);
  if (one === undefined || two === undefined) throw new Error('too few');
  const at = (timestamp: number): ViewId => ({ timestamp, processor: one });
  const address = new Uint8Array([1]);
  cluster.at(2).join(group, cluster.now);
  cluster.run(5);
  if (named !== null) {
    const place = { lineage: at(10), configuration: at(20), view: at(30) };
    const announce = { type: 'announce', ...place, primary: true, members: 1, address } as const;
    cluster.transmit({ from: one, to: two, bytes: forged(one, announce) });
    cluster.run(2);
  }
  const { lineage, configuration, view } = named ?? { lineage: 10, configuration: 20, view: 31 };
  const place = { lineage: at(lineage), configuration: at(configuration), view: at(configuration) };
  const members = [{ id: one, sequence: 0, stage: 'between', address }] as const;
  const newMember = { id: two, sequence: 0, address };
  const body = { type: 'addProcessor', ...place, watermark: 25, members, newMember } as const;
  cluster.transmit({ from: one, to: two, bytes: forged(one, body, view) });
  cluster.run(2);
  return cluster.of(2, 'address').length > 0;
}

test.each([
  { what: 'what it has named', named: { lineage: 10, configuration: 20, view: 31 }, is: true },
  { what: 'a later configuration', named: { lineage: 10, configuration: 28, view: 31 }, is: true },
  { what: 'another lineage', named: { lineage: 11, configuration: 20, view: 31 }, is: false },
  {
    what: 'a configuration before',
    named: { lineage: 10, configuration: 19, view: 31 },
    is: false,
  },
  {
    what: 'a view that is not later',
    named: { lineage: 10, configuration: 20, view: 30 },
    is: false,
  },
  { what: 'a group when it has named none', named: null, is: false },
])('an AddProcessor of $what: followed is $is', ({ named, is }) => {
  expect(follows(named)).toBe(is);
});
