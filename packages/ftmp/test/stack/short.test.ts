/** A view that the dead may have installed: the living cannot go on without a quorum of it, and say so. */
import { describe, expect, test } from 'vitest';
import { type ProtocolEvent, processorText } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';

type Short = Extract<ProtocolEvent, { readonly kind: 'short' }>;

/** Processors 2 and 3 have acknowledged that 4 is added; 1 has installed that, and is gone together with 4. */
function orphaned(): Cluster {
  const cluster = Cluster.formed(3, { beside: 1 });
  // Who has just spoken promises no silence: nobody acknowledges before it has heard all.
  for (const number of [1, 2, 3]) cluster.send(number, 'hello');
  cluster.run(5);
  const before = cluster.events[0]?.length ?? 0;
  cluster.at(4).join(group, cluster.now);
  while (!cluster.events[0]?.slice(before).some(isAdd)) cluster.run(1);
  const added = cluster.events[0]?.slice(before).find(isAdd)?.timestamp ?? 0;
  while (![2, 3].every((number) => acked(cluster, number) >= added)) cluster.run(1);
  for (const number of [2, 3]) cluster.silent.add(cluster.at(number).id);
  cluster.run(1);
  cluster.loseAll();
  cluster.silent.clear();
  for (const number of [1, 4]) cluster.silent.add(cluster.at(number).id);
  return cluster;
}

type Sent = Extract<ProtocolEvent, { readonly kind: 'sent' | 'retransmitted' }>;

function isAdd(event: ProtocolEvent): event is Sent {
  return event.kind === 'sent' && event.type === 'addProcessor';
}

function acked(cluster: Cluster, number: number): number {
  const events = cluster.events[number - 1] ?? [];
  return Math.max(...events.map((event) => (event.kind === 'sent' ? event.ack : 0)));
}

function shortOf(cluster: Cluster, number: number): readonly Short[] {
  return (cluster.events[number - 1] ?? []).filter((event) => event.kind === 'short');
}

describe('survivors who may have missed a view', () => {
  test('wait for a quorum of it, and say which view that is, once a round', () => {
    const cluster = orphaned();
    expect(cluster.of(1, 'view').at(-1)?.view.members).toHaveLength(4);
    cluster.run(3_000);
    for (const number of [2, 3]) {
      expect(cluster.of(number, 'view').at(-1)?.view.members).toHaveLength(3);
      const [first, ...more] = shortOf(cluster, number);
      expect(more.length).toBeLessThan(3);
      expect(first?.members.map(processorText)).toEqual(['2.00000007', '3.00000007']);
      expect(first?.view.map(processorText)).toEqual(
        [1, 2, 3, 4].map((member) => processorText(cluster.at(member).id)),
      );
    }
  });

  test('go on when one of its members is heard again', () => {
    const cluster = orphaned();
    cluster.run(3_000);
    cluster.silent.delete(cluster.at(1).id);
    cluster.run(3_000);
    for (const number of [1, 2, 3]) {
      expect(cluster.of(number, 'view').at(-1)?.view.members).toHaveLength(3);
      expect(cluster.of(number, 'view').at(-1)?.view.cause).toBe('fault');
    }
  });
});
