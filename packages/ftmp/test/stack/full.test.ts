/** E7: a group has 255 members at most; who asks to be the next one is refused. */
import { expect, test } from 'vitest';
import {
  type Body,
  checked,
  encode,
  noView,
  type ProcessorId,
  processorId,
} from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

/**
 * A processor with a group in which all others are made up: they ask to be added, and then acknowledge whatever there is. A second
 * processor is in no group.
 */
class Crowd {
  readonly cluster = new Cluster(2);
  readonly #others: ProcessorId[] = [];
  #timestamp = 0;

  constructor(members: number) {
    this.cluster.at(1).join(group, 0, true);
    this.run(2);
    while (this.#others.length < members - 1) this.#add();
  }

  /** Lets so many milliseconds pass, while all are heard. */
  run(forMs: number): void {
    for (let ms = 0; ms < forMs; ms += 1) {
      if (ms % 25 === 0) this.#acknowledge();
      this.cluster.run(1);
    }
  }

  #add(): void {
    const [first] = this.cluster.of(1, 'view');
    const lineage = first?.view.id ?? noView;
    const asker = processorId(3 + this.#others.length, 7);
    const place = { sequence: 0, address: new Uint8Array([9]), lineage, view: lineage };
    this.#tell(asker, forged(asker, { type: 'join', minorMin: 0, minorMax: 255, ...place }));
    this.cluster.run(1);
    this.#others.push(asker);
    this.run(2);
  }

  #acknowledge(): void {
    // Above what the first may say next, behind its lookahead, too (T5).
    this.#timestamp += 2 ** 17;
    const counters = { sequence: 0, timestamp: this.#timestamp, ack: this.#timestamp };
    const flags = { progress: 0, asks: false, stalled: false, ahead: 0, confirms: [] };
    const place = { configuration: noView, view: noView, padding: new Uint8Array(0) };
    const beat: Body = { type: 'heartbeat', ...flags, ...place };
    for (const source of this.#others) {
      const header = { order: 'big', source, group, ...counters } as const;
      this.#tell(source, checked.seal(encode(header, beat)));
    }
  }

  #tell(from: ProcessorId, bytes: Uint8Array): void {
    this.cluster.transmit({ from, to: this.cluster.at(1).id, bytes });
  }
}

function members(cluster: Cluster): number | undefined {
  return cluster.of(1, 'view').at(-1)?.view.members.length;
}

function added(cluster: Cluster): readonly ProcessorId[] {
  const events = cluster.events[0] ?? [];
  return events.flatMap((event) => (event.kind === 'added' ? [event.who] : []));
}

// Some 30,000 heartbeats are taken.
const timeout = 60_000;

test('who asks a group of 255 is refused as full, and the group goes on as it is', {
  timeout,
}, () => {
  const crowd = new Crowd(255);
  const { cluster } = crowd;
  expect(members(cluster)).toBe(255);
  cluster.at(2).join(group, cluster.now);
  crowd.run(300);
  const [refusal] = cluster.of(2, 'refused');
  expect(refusal).toEqual({ kind: 'refused', group, reason: 'full' });
  expect(added(cluster)).toHaveLength(254);
  expect(members(cluster)).toBe(255);
  expect(cluster.send(1, 'goes on')).toBe('queued');
  crowd.run(50);
  expect(cluster.texts(1)).toEqual(['goes on']);
});

test('who asks a group of 254 is added', { timeout }, () => {
  const crowd = new Crowd(254);
  const { cluster } = crowd;
  cluster.at(2).join(group, cluster.now);
  crowd.run(300);
  expect(cluster.of(2, 'refused')).toEqual([]);
  expect(added(cluster).at(-1)).toBe(cluster.at(2).id);
});

test('of those who ask at once sixteen are remembered, and the others counted', () => {
  const cluster = Cluster.formed(1);
  const minors = { minorMin: 0, minorMax: 0 };
  const place = { sequence: 0, address: new Uint8Array([9]), lineage: noView, view: noView };
  for (let number = 0; number < 20; number += 1) {
    const asker = processorId(number + 10, 7);
    cluster.at(1).receive(forged(asker, { type: 'join', ...minors, ...place }), cluster.now);
  }
  expect(cluster.at(1).refused.get('full')).toBe(4);
});
