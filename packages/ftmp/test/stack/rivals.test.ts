/** Two groups of one number that were made apart, and those who come into one of them (E10). */
import { describe, expect, test } from 'vitest';
import type { ProcessorId, View } from '../../src/index.ts';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

/** The first two each have a group of their own, and do not hear each other. */
function rivals(size: number): Cluster {
  const cluster = new Cluster(size);
  const [one, two] = cluster.processors.map(({ id }) => id);
  cluster.isCut = (from, to) => (from === one && to === two) || (from === two && to === one);
  for (const number of [1, 2]) {
    cluster.at(number).join(group, cluster.now, true);
    cluster.run(50);
  }
  return cluster;
}

/** The members of the last view that a processor was given. */
function members(cluster: Cluster, number: number): readonly ProcessorId[] {
  return cluster.of(number, 'view').at(-1)?.view.members ?? [];
}

describe('a joiner that is heard by two groups', () => {
  test('is a member of the one that it follows, and nothing to the other', () => {
    const cluster = rivals(3);
    const [one, two, three] = cluster.processors.map(({ id }) => id);
    cluster.at(3).join(group, cluster.now);
    cluster.run(1_000);
    const [its] = members(cluster, 3);
    const [followed, rival, other] = its === one ? [1, 2, two] : [2, 1, one];
    expect(members(cluster, 3)).toEqual([its, three]);
    expect(members(cluster, followed)).toEqual([its, three]);
    cluster.send(3, 'from three');
    cluster.send(rival, 'safe', true);
    cluster.run(100);
    expect(cluster.of(rival, 'view').map(({ view }) => view.members)).toEqual([[other]]);
    expect(cluster.texts(rival)).toEqual(['safe']);
    expect(cluster.texts(followed)).toEqual(['from three']);
  });

  test('stays, as do all who come after it', () => {
    const cluster = rivals(8);
    for (const number of [3, 4, 5, 6, 7, 8]) {
      cluster.at(number).join(group, cluster.now);
      cluster.run(1_000);
    }
    const causes = (number: number): View['cause'][] =>
      cluster.of(number, 'view').map(({ view }) => view.cause);
    for (const number of [3, 4, 5, 6, 7, 8]) {
      expect(cluster.of(number, 'excluded')).toEqual([]);
      expect(causes(number)[0]).toBe('joined');
    }
    expect([...causes(1), ...causes(2)]).not.toContain('fault');
  });
});

describe('a member of a group that has a rival', () => {
  /** The third is a member of the first's group; what it sent to the rival before that is under way. */
  function joined(): Cluster {
    const cluster = rivals(3);
    const [, two, three] = cluster.processors.map(({ id }) => id);
    const { isCut } = cluster;
    cluster.isCut = (from, to, bytes) => isCut(from, to, bytes) || (from === three && to === two);
    cluster.at(3).join(group, cluster.now);
    cluster.run(1_000);
    cluster.isCut = isCut;
    return cluster;
  }

  test('stays when its Joins come late to the rival', () => {
    const cluster = joined();
    const [one, two, three] = cluster.processors.map(({ id }) => id);
    const late = cluster.lost.filter(({ from, to }) => from === three && to === two);
    const joins = late.filter(({ bytes }) => bytes[7] === messageTypes.join);
    expect(joins).toHaveLength(2);
    for (const join of joins) {
      cluster.transmit(join);
      cluster.run(1_000);
    }
    expect(cluster.of(3, 'excluded')).toEqual([]);
    expect(members(cluster, 1)).toEqual([one, three]);
    expect(cluster.of(1, 'view')).toHaveLength(2);
    expect(members(cluster, 2)).toEqual([two]);
  });

  test.each(['the rival', 'its own group'])('stays when somebody adds it to %s', (whose) => {
    const cluster = joined();
    const [one, , three] = cluster.processors.map(({ id }) => id);
    addAgain(cluster, whose === 'the rival' ? 2 : 1);
    cluster.run(500);
    expect(cluster.of(3, 'excluded')).toEqual([]);
    expect(members(cluster, 1)).toEqual([one, three]);
  });
});

test('a joiner that follows one group does not heed that another adds it', () => {
  const cluster = rivals(3);
  const [one, , three] = cluster.processors.map(({ id }) => id);
  const { isCut } = cluster;
  const isAdd = (bytes: Uint8Array) => bytes[7] === messageTypes.addProcessor;
  let following = 0;
  // The AddProcessor comes, and nothing behind it.
  cluster.isCut = (from, to, bytes) => {
    if (from === one && to === three && isAdd(bytes)) following += 1;
    return isCut(from, to, bytes) || (to === three && following > 0 && !isAdd(bytes));
  };
  cluster.at(3).join(group, cluster.now);
  while (following === 0) cluster.run(1);
  cluster.run(2);
  addAgain(cluster, 2);
  cluster.run(50);
  expect(cluster.of(3, 'address')).toHaveLength(1);
  expect(cluster.of(3, 'view')).toEqual([]);
  expect(cluster.of(3, 'excluded')).toEqual([]);
});

/** The second adds the third to the group that one of the first two has made, in a configuration of which nobody else knows. */
function addAgain(cluster: Cluster, founder: number): void {
  const [, two, three] = cluster.processors.map(({ id }) => id);
  const [first] = cluster.of(founder, 'view');
  if (two === undefined || three === undefined || first === undefined) throw new Error('no group');
  const later = { timestamp: first.view.id.timestamp + 1_000_000, processor: two };
  const place = { lineage: first.view.id, view: later, configuration: later };
  const [address, watermark] = [new Uint8Array(1), later.timestamp];
  const newMember = { id: three, sequence: 0, address };
  const of = [{ id: two, sequence: 0, stage: 'between', address }] as const;
  const body = { type: 'addProcessor', ...place, watermark, members: of, newMember } as const;
  cluster.transmit({ from: two, to: three, bytes: forged(two, body, watermark + 1) });
}
