/** What keeps requests and retransmissions from causing more of them, where somebody cannot take as much as comes. */
import { describe, expect, test } from 'vitest';
import { checked, decode, isRefusal, type ProcessorId } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';

/** H5 */
const [regular, retransmitRequest] = [0, 1];

function typed(cluster: Cluster, number: number, kind: 'asked' | 'retransmitted'): number {
  return (cluster.events[number - 1] ?? []).filter((event) => event.kind === kind).length;
}

/** The second misses a message of the first. @returns how that is mended */
function missing(cluster: Cluster): () => void {
  const [first, second] = [cluster.at(1).id, cluster.at(2).id];
  cluster.isCut = (from, to, bytes) => from === first && to === second && bytes[7] === regular;
  cluster.send(1, 'missing');
  cluster.run(1);
  return () => {
    cluster.isCut = () => false;
  };
}

/** Every turn of a processor is from now on one in which it has not read all that has come: so many copies of the last datagram, among other things. */
function behind(cluster: Cluster, number: number, copies = 8): void {
  const processor = cluster.at(number);
  const [turn, receive] = [processor.turn.bind(processor), processor.receive.bind(processor)];
  let last: Uint8Array | null = null;
  processor.receive = (bytes, now) => {
    last = bytes.slice();
    receive(bytes, now);
  };
  processor.turn = (now) => {
    for (let copy = 0; last !== null && copy < copies; copy += 1) receive(last.slice(), now);
    turn(now, true);
  };
}

describe('who is behind', () => {
  test('does not ask: what is missing may be among what it has not read', () => {
    const cluster = Cluster.formed(3);
    behind(cluster, 2);
    missing(cluster);
    cluster.run(900);
    expect(typed(cluster, 2, 'asked')).toBe(0);
  });

  test('asks where little of what it has not read can be of this group', () => {
    const cluster = Cluster.formed(3);
    behind(cluster, 2, 2);
    missing(cluster);
    cluster.run(200);
    expect(typed(cluster, 2, 'asked')).toBeGreaterThan(2);
  });

  test('asks all the same after a second', () => {
    const cluster = Cluster.formed(3);
    behind(cluster, 2);
    const mended = missing(cluster);
    mended();
    cluster.run(1_200);
    expect(cluster.texts(2)).toEqual(['missing']);
  });

  test('does not answer', () => {
    const cluster = Cluster.formed(2);
    behind(cluster, 2);
    const [first, second] = [cluster.at(1).id, cluster.at(2).id];
    cluster.isCut = (from, to, bytes) => from === second && to === first && bytes[7] === regular;
    cluster.send(2, 'missing');
    cluster.run(500);
    expect(typed(cluster, 1, 'asked')).toBeGreaterThan(2);
    expect(typed(cluster, 2, 'retransmitted')).toBeLessThanOrEqual(1);
  });
});

describe('where there is multicast', () => {
  test('the source answers alone, for as long as that may help', () => {
    const cluster = Cluster.formed(5);
    missing(cluster);
    cluster.run(200);
    expect(typed(cluster, 1, 'retransmitted')).toBeGreaterThan(1);
    for (const holder of [3, 4, 5]) expect(typed(cluster, holder, 'retransmitted')).toBe(0);
  });

  test('one holder answers what the source, which is behind, does not', () => {
    const cluster = Cluster.formed(5);
    behind(cluster, 1);
    missing(cluster);
    cluster.run(900);
    expect(cluster.texts(2)).toEqual(['missing']);
    const answers = [3, 4, 5].map((holder) => typed(cluster, holder, 'retransmitted'));
    expect(answers.reduce((sum, count) => sum + count)).toBe(1);
  });
});

describe('where there is none', () => {
  type Sent = {
    readonly to: ProcessorId;
    readonly type: number | undefined;
    readonly again: boolean;
  };

  /** Everything that goes through the network from now on, by its sender. */
  function watched(cluster: Cluster): Map<ProcessorId, Sent[]> {
    const all = new Map<ProcessorId, Sent[]>();
    const { isCut } = cluster;
    cluster.isCut = (from, to, bytes) => {
      const message = decode(checked.open(bytes) ?? bytes);
      const again = !isRefusal(message) && message.header.retransmission;
      all.set(from, [...(all.get(from) ?? []), { to, type: bytes[7], again }]);
      return isCut(from, to, bytes);
    };
    return all;
  }

  test('R7 requests go to the source, and answers to who asks', () => {
    const cluster = Cluster.formed(4, { fansOut: true });
    const [first, second] = [cluster.at(1).id, cluster.at(2).id];
    const mended = missing(cluster);
    const requests = watched(cluster);
    cluster.run(80);
    mended();
    const answers = watched(cluster);
    cluster.run(100);
    expect(cluster.texts(2)).toEqual(['missing']);
    const asked = (requests.get(second) ?? []).filter(({ type }) => type === retransmitRequest);
    expect(new Set(asked.map(({ to }) => to))).toEqual(new Set([first]));
    const answered = (answers.get(first) ?? []).filter(({ again }) => again);
    expect(answered.map(({ to }) => to)).toEqual([second]);
  });

  test('R7 others are asked for what the source is asked for in vain', () => {
    const cluster = Cluster.formed(4, { fansOut: true });
    missing(cluster);
    cluster.run(200);
    expect(cluster.texts(2)).toEqual([]);
    cluster.run(800);
    expect(cluster.texts(2)).toEqual(['missing']);
  });

  test('R7 an answer to one says nothing to others', () => {
    const cluster = Cluster.formed(4, { fansOut: true });
    const [first, second, third] = [1, 2, 3].map((number) => cluster.at(number).id);
    cluster.isCut = (from, to, bytes) =>
      from === first && (to === second || to === third) && bytes[7] === regular;
    cluster.send(1, 'missing');
    cluster.run(1);
    cluster.isCut = () => false;
    cluster.run(60);
    expect([cluster.texts(2), cluster.texts(3)]).toEqual([['missing'], ['missing']]);
  });

  test('R7 where the source is dead one holder answers each request', () => {
    const cluster = Cluster.formed(8, { fansOut: true });
    const [source, second, third] = [8, 2, 3].map((number) => cluster.at(number).id);
    cluster.isCut = (from, to) => from === source && (to === second || to === third);
    for (let n = 0; n < 30; n += 1) {
      cluster.send(8, `message ${n}`);
      cluster.run(1);
    }
    cluster.run(2);
    cluster.silent.add(cluster.at(8).id);
    cluster.run(3_000);
    expect(cluster.texts(2)).toHaveLength(30);
    const answers = [1, 4, 5, 6, 7].map((holder) => typed(cluster, holder, 'retransmitted'));
    // Two askers, and what one asked for twice.
    expect(answers.reduce((sum, count) => sum + count)).toBeLessThan(150);
  });

  test('a request that one member alone hears does not stand for a heartbeat', () => {
    const cluster = Cluster.formed(4, { fansOut: true });
    missing(cluster);
    cluster.run(2_000);
    for (const number of [1, 2, 3, 4]) expect(cluster.of(number, 'excluded')).toEqual([]);
    expect(cluster.of(3, 'view').at(-1)?.view.members).toHaveLength(4);
    cluster.at(4).leave(group, cluster.now);
    cluster.run(100);
    expect(cluster.of(3, 'view').at(-1)?.view.members).toHaveLength(3);
  });
});
