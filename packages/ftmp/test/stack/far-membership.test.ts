/**
 * What a holder of the key says of the membership in a member's name may break the group; it ends no processor and keeps none busy. What a
 * stranger asks for breaks nothing.
 */
import { describe, expect, test } from 'vitest';
import { type Body, type BodyOf, checked, encode, processorId } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

type Liar = {
  readonly cluster: Cluster;
  readonly lineage: BodyOf<'announce'>['lineage'];
  readonly view: BodyOf<'announce'>['view'];
  /** All but the second take this for its next message. */
  readonly says: (body: Body) => void;
};

/** Three are in a view, and somebody speaks for the second. */
function liar(): Liar {
  const cluster = Cluster.formed(3);
  const views = cluster.of(1, 'view').map(({ view }) => view.id);
  const [lineage, view] = [views[0], views.at(-1)];
  const [, second] = cluster.processors;
  if (lineage === undefined || view === undefined || second === undefined) throw new Error('none');
  cluster.silent.add(second.id);
  let sequence = 0;
  const says = (body: Body): void => {
    sequence += 1;
    const counters = { sequence, timestamp: 2_000 + sequence, ack: 0 };
    const bytes = encode({ order: 'big', source: second.id, group, ...counters }, body);
    for (const number of [1, 3]) cluster.at(number).receive(checked.seal(bytes), cluster.now);
  };
  return { cluster, lineage, view, says };
}

const propose = { phase: 'propose', held: [], round: 1, accepted: null } as const;

describe('a Membership', () => {
  test('whose successor is the configuration that is to end does not have it begin again and again', () => {
    const { cluster, lineage, view, says } = liar();
    const members = cluster.processors.map(({ id }) => id);
    const successor = { members, cut: [], timestamp: lineage.timestamp };
    const agreed = { ...propose, phase: 'installed', accepted: { round: 1, successor } } as const;
    const place = { view, configuration: lineage, members, proposed: members };
    says({ type: 'membership', ...place, ...agreed });
    const before = cluster.of(1, 'view').length;
    cluster.run(20);
    expect(cluster.of(1, 'view').length - before).toBeLessThanOrEqual(1);
  });
});

describe('AddProcessors, as many as a window holds,', () => {
  const address = new Uint8Array(7);
  const additions = ({ lineage, view, says }: Liar, count: number): void => {
    for (let number = 1; number <= count; number += 1) {
      const newMember = { id: processorId(100 + number, 1), sequence: 0, address };
      const place = { lineage, view, configuration: lineage, watermark: 1, members: [] };
      says({ type: 'addProcessor', ...place, newMember });
    }
  };

  test('end nobody when the configuration is to end', () => {
    const one = liar();
    additions(one, 2_800);
    const members = one.cluster.processors.map(({ id }) => id);
    const place = { view: one.view, configuration: one.lineage, members, proposed: members };
    one.says({ type: 'membership', ...place, ...propose });
    expect(() => one.cluster.run(20)).not.toThrow();
  });

  test('do not keep the others busy for longer than their time lasts', { timeout: 60_000 }, () => {
    const one = liar();
    additions(one, 1_500);
    one.cluster.run(500);
    const before = process.threadCpuUsage();
    one.cluster.run(100);
    const { user } = process.threadCpuUsage(before);
    expect(user / 1_000).toBeLessThan(100);
  });
});

test('Joins of many, of which each member hears others, are dropped, and the group goes on', {
  timeout: 60_000,
}, () => {
  const { cluster, lineage, view } = liar();
  cluster.silent.clear();
  const address = new Uint8Array(7);
  const join = { minorMin: 0, minorMax: 0, sequence: 0, address, lineage, view } as const;
  for (let number = 1; number <= 600; number += 1) {
    const stranger = processorId(100 + number, 1);
    const bytes = forged(stranger, { type: 'join', ...join });
    cluster.at(1 + (number % 3)).receive(bytes, cluster.now);
    if (number % 12 === 0) cluster.run(1);
  }
  cluster.run(3_000);
  for (const { refused } of cluster.processors) expect(refused.get('LIMIT')).toBeUndefined();
  cluster.send(1, 'on');
  cluster.run(200);
  for (const number of [1, 2, 3]) expect(cluster.texts(number).at(-1)).toBe('on');
});
