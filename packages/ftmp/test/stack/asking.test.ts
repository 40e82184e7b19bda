/** What members do about those who ask to be added: which of them acts, and how much is sent for it. */
import { describe, expect, test } from 'vitest';
import { noView, type ProcessorId } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

/** Lets time pass on a network that takes so long. */
function runSlowly(cluster: Cluster, forMs: number, wayMs: number): void {
  const flying: { at: number; datagram: Parameters<Cluster['transmit']>[0] }[] = [];
  const cut = (from: ProcessorId, to: ProcessorId, bytes: Uint8Array) => {
    flying.push({ at: cluster.now + wayMs - 1, datagram: { from, to, bytes } });
    return true;
  };
  cluster.isCut = cut;
  for (const end = cluster.now + forMs; cluster.now < end; ) {
    cluster.run(1);
    cluster.isCut = () => false;
    while (flying[0] !== undefined && flying[0].at <= cluster.now) {
      const next = flying.shift();
      if (next !== undefined) cluster.transmit(next.datagram);
    }
    cluster.isCut = cut;
  }
}

describe('who asks', () => {
  test.each([2, 5, 6, 7])('is added by one member alone where %i ms are one way', (wayMs) => {
    const cluster = Cluster.formed(3, { beside: 1 });
    const [, , , four] = cluster.processors.map(({ id }) => id);
    cluster.at(4).join(group, cluster.now);
    runSlowly(cluster, 300, wayMs);
    expect(cluster.of(4, 'view')).toHaveLength(1);
    const added = [1, 2, 3].map((number) => {
      const events = cluster.events[number - 1] ?? [];
      return events.filter((event) => event.kind === 'added' && event.who === four).length;
    });
    expect(added).toEqual([1, 0, 0]);
  });

  test.each([
    { what: 'what to name', type: 'announce', minors: [0, 255] },
    { what: 'that it is not of this version', type: 'refuse', minors: [254, 255] },
  ] as const)('is told $what ten times a second at most', ({ type, minors }) => {
    const cluster = Cluster.formed(2);
    const [one, two] = cluster.processors.map(({ id }) => id);
    if (one === undefined || two === undefined) throw new Error('too few');
    const outsider = (two + 1) as ProcessorId;
    const body = { sequence: 0, address: new Uint8Array([9]), lineage: noView, view: noView };
    const [minorMin, minorMax] = minors;
    const join = forged(outsider, { type: 'join', minorMin, minorMax, ...body });
    const sent = () => {
      const events = cluster.events[0] ?? [];
      return events.filter((event) => event.kind === 'sent' && event.type === type).length;
    };
    const before = sent();
    for (let ms = 0; ms < 1_000; ms += 1) {
      cluster.transmit({ from: outsider, to: one, bytes: join });
      cluster.run(1);
    }
    expect(sent() - before).toBe(10);
  });
});
