/** W7: counters that no run comes to, said by who has the key, neither end a processor nor keep it busy for ever. */
import { describe, expect, test } from 'vitest';
import { type Body, type BodyOf, checked, encode, processorId } from '../../src/index.ts';
import { counterMax } from '../../src/wire/index.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

const stranger = processorId(99, 5);
const minors = { minorMin: 0, minorMax: 0 };
const address = new Uint8Array([9]);
/** The first that is refused, and the last that could be written. */
const beyond = [counterMax + 1, 2 ** 53 - 100, 2 ** 53 - 1] as const;

type Marks = {
  readonly lineage: BodyOf<'announce'>['lineage'];
  readonly view: BodyOf<'announce'>['view'];
};

function marksOf(cluster: Cluster): Marks {
  const views = cluster.of(1, 'view').map(({ view }) => view.id);
  const [lineage, view] = [views[0], views.at(-1)];
  if (lineage === undefined || view === undefined) throw new Error('no view');
  return { lineage, view };
}

function toAll(cluster: Cluster, bytes: Uint8Array): void {
  for (const processor of cluster.processors) processor.receive(bytes, cluster.now);
}

const sizes = (cluster: Cluster): readonly number[] =>
  cluster.of(1, 'view').map(({ view }) => view.members.length);

/** Whether the members still hear each other. */
function expectTalk(cluster: Cluster, members: number): void {
  cluster.send(1, 'on');
  cluster.run(100);
  for (let number = 1; number <= members; number += 1) {
    expect(cluster.texts(number).at(-1)).toBe('on');
  }
}

describe('a Join', () => {
  test.each(beyond)('whose first message would follow %d is refused', (sequence) => {
    const cluster = Cluster.formed(3);
    toAll(
      cluster,
      forged(stranger, { type: 'join', ...minors, sequence, address, ...marksOf(cluster) }),
    );
    cluster.run(3_000);
    expect(sizes(cluster).at(-1)).toBe(3);
    expect(cluster.at(1).refused.get('LIMIT')).toBe(1);
    expectTalk(cluster, 3);
  });

  test('at the very end of what is taken adds who is never heard, and is dropped', () => {
    const cluster = Cluster.formed(3);
    const join = { type: 'join', ...minors, sequence: counterMax, address } as const;
    toAll(cluster, forged(stranger, { ...join, ...marksOf(cluster) }));
    cluster.run(20);
    const bytes = new Uint8Array(1);
    const part = { first: true, last: true, restart: false, request: null, bytes };
    for (const sequence of [0, 1, 2 ** 31]) {
      const counters = { sequence, timestamp: 2_000, ack: 0 };
      const body = { type: 'regular', parts: [part] } as const;
      toAll(
        cluster,
        checked.seal(encode({ order: 'big', source: stranger, group, ...counters }, body)),
      );
    }
    expect(cluster.at(1).refused.get('absurd')).toBeGreaterThan(0);
    cluster.run(3_000);
    expect(sizes(cluster).slice(-1)).toEqual([3]);
    expectTalk(cluster, 3);
  });
});

/** The third is being added; this is said by who is there, or by somebody in its name. */
function joining(sequence: number): Cluster {
  const cluster = new Cluster(1);
  cluster.at(1).join(group, 0);
  cluster.run(50);
  const view = { timestamp: 1, processor: stranger };
  const place = { lineage: view, configuration: view, view };
  const announced = { primary: true, members: 1, address } as const;
  const announce: Body = { type: 'announce', ...place, ...announced };
  cluster.at(1).receive(forged(stranger, announce), cluster.now);
  cluster.run(5);
  const members = [{ id: stranger, sequence, stage: 'between', address }] as const;
  const newMember = { id: cluster.at(1).id, sequence: 0, address };
  const add: Body = { type: 'addProcessor', ...place, watermark: 5, members, newMember };
  cluster.at(1).receive(forged(stranger, add, 9), cluster.now);
  return cluster;
}

describe('an AddProcessor', () => {
  test.each([...beyond, counterMax])(
    'whose member has sent %d messages leaves its joiner where it was',
    (sequence) => {
      const cluster = joining(sequence);
      cluster.run(10_000);
      expect(cluster.of(1, 'view')).toEqual([]);
    },
  );
});

type Membership = BodyOf<'membership'>;

/** Two of three go on; the second has said this of the end of their configuration, as its next message. */
function agreeing(
  said: (marks: Marks, all: Membership['members']) => Partial<Membership>,
): Cluster {
  const cluster = Cluster.formed(3);
  const all = cluster.processors.map(({ id }) => id);
  const marks = marksOf(cluster);
  const body: Membership = {
    type: 'membership',
    view: marks.view,
    configuration: marks.lineage,
    members: all,
    held: [],
    proposed: all,
    round: 1,
    phase: 'propose',
    accepted: null,
    ...said(marks, all),
  };
  const [liar] = cluster.processors.slice(1);
  if (liar === undefined) throw new Error('nobody is there');
  cluster.silent.add(liar.id);
  for (const sequence of [1, 2, 3, 4]) {
    const counters = { sequence, timestamp: 2_000 + sequence, ack: 0 };
    const bytes = encode({ order: 'big', source: liar.id, group, ...counters }, body);
    cluster.at(1).receive(checked.seal(bytes), cluster.now);
    cluster.at(3).receive(checked.seal(bytes), cluster.now);
  }
  return cluster;
}

describe('a Membership', () => {
  test.each([2 ** 31 + 1, 2 ** 32 - 1])('of round %d is refused', (round) => {
    const cluster = agreeing(() => ({ round }));
    cluster.run(4_000);
    expect(cluster.at(1).refused.get('LIMIT')).toBeGreaterThan(0);
    expect(sizes(cluster).at(-1)).toBe(2);
  });

  test('of the last round that is taken ends nobody, but the others may come to no end', () => {
    const cluster = agreeing(() => ({ round: 2 ** 31 }));
    cluster.run(4_000);
    expect(sizes(cluster).at(-1)).toBe(3);
  });

  test.each([counterMax, counterMax + 1, 2 ** 53 - 1])(
    'that has decided on timestamp %d ends nobody',
    (timestamp) => {
      const cluster = agreeing((_marks, members) => ({
        phase: 'installed',
        accepted: { round: 1, successor: { members, cut: [], timestamp } },
      }));
      for (const number of [1, 3]) cluster.send(number, 'and on');
      cluster.run(4_000);
    },
  );
});
