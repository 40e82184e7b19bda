/** Reliable messages that are longer than a packet, and are lost: they are sent again in slices (E15). */
import { describe, expect, test } from 'vitest';
import {
  asRetransmission,
  checked,
  decode,
  encode,
  groupId,
  isRefusal,
  type Message,
} from '../../src/index.ts';
import { Cluster, type ClusterOptions, group } from './cluster.ts';

const long = 'x'.repeat(3_000);
const packetBytes = 1_400;
/** H5 */
const slice = 19;

/** Three that send large datagrams. */
function busy(options: ClusterOptions = {}): Cluster {
  const cluster = Cluster.formed(3, { ...options, beside: 1 });
  work(cluster, 300);
  expect(largest(cluster, 1, 0)).toBeGreaterThan(2_900);
  return cluster;
}

/** Two of three members send by turns, all the time; for how long the third was given nothing at most, in milliseconds. */
function work(cluster: Cluster, forMs: number): number {
  let [seen, since, longest] = [cluster.texts(3).length, cluster.now, 0];
  for (const end = cluster.now + forMs; cluster.now < end; ) {
    cluster.send(1 + (cluster.now % 2), long);
    cluster.run(1);
    const { length } = cluster.texts(3);
    if (length > seen) [seen, since] = [length, cluster.now];
    longest = Math.max(longest, cluster.now - since);
  }
  return longest;
}

/** The largest Regular message of a processor since an event of its. */
function largest(cluster: Cluster, number: number, from: number): number {
  const events = (cluster.events[number - 1] ?? []).slice(from);
  const sizes = events.map((event) =>
    event.kind === 'sent' && event.type === 'regular' ? event.bytes : 0,
  );
  return Math.max(...sizes);
}

/** Whoever hears of another size than a packet is on a path that drops it. */
function isNarrow(cluster: Cluster, number: number): Cluster['isCut'] {
  const { id } = cluster.at(number);
  return (from, to, bytes) => bytes.length > packetBytes && (from === id || to === id);
}

function opened(bytes: Uint8Array): Message {
  const message = decode(checked.open(bytes) ?? new Uint8Array(0));
  if (isRefusal(message)) throw new Error(message.problem);
  return message;
}

describe('a path that begins to drop fragments', () => {
  test('does not stop the group', () => {
    const cluster = busy();
    cluster.isCut = isNarrow(cluster, 3);
    expect(work(cluster, 1_000)).toBeLessThan(300);
    cluster.run(200);
    for (const number of [1, 2, 3])
      expect(cluster.of(number, 'view').at(-1)?.view.members).toHaveLength(3);
    expect(cluster.texts(3)).toEqual(cluster.texts(1));
  });

  test('is sent packets soon', () => {
    const cluster = busy();
    cluster.isCut = isNarrow(cluster, 3);
    work(cluster, 1_000);
    const from = cluster.events[0]?.length ?? 0;
    work(cluster, 1_000);
    expect(largest(cluster, 1, from)).toBeLessThanOrEqual(packetBytes);
  });

  test('has slices of a packet, and no other retransmission that is longer', () => {
    const cluster = busy();
    const narrow = isNarrow(cluster, 3);
    const sizes: number[] = [];
    cluster.isCut = (from, to, bytes) => {
      if (bytes[7] === slice || ((bytes[6] ?? 0) & 2) !== 0) sizes.push(bytes.length);
      return narrow(from, to, bytes);
    };
    work(cluster, 500);
    expect(Math.max(...sizes)).toBe(packetBytes);
  });
});

test('of a message whose slices are lost only these have to come once more', () => {
  const cluster = busy();
  const narrow = isNarrow(cluster, 3);
  const lost = new Set<number>();
  cluster.isCut = (from, to, bytes) => {
    if (narrow(from, to, bytes)) return true;
    if (to !== cluster.at(3).id || bytes[7] !== slice) return false;
    // Of the three slices of each, another one is lost each time: none of the times is enough.
    const { header, body } = opened(bytes);
    if (body.type !== 'slice') return false;
    const key = header.sequence * 3 + Math.floor(body.offset / 1_300);
    if (lost.has(key)) return false;
    lost.add(key);
    return true;
  };
  cluster.send(1, long);
  cluster.run(300);
  expect(lost.size).toBeGreaterThan(2);
  expect(cluster.texts(3).at(-1)).toBe(long);
});

describe('a joiner on a path that drops fragments', () => {
  test('is added at once, and recovers what was sent large before', () => {
    const cluster = busy();
    cluster.isCut = isNarrow(cluster, 4);
    cluster.at(4).join(group, cluster.now);
    expect(work(cluster, 500)).toBeLessThan(100);
    expect(cluster.of(4, 'view').at(-1)?.view.members).toHaveLength(4);
    expect(cluster.of(4, 'excluded')).toEqual([]);
    expect(cluster.texts(4).length).toBeGreaterThan(100);
  });

  test('is sent packets from when it is added', () => {
    const cluster = busy();
    cluster.isCut = isNarrow(cluster, 4);
    cluster.at(4).join(group, cluster.now);
    work(cluster, 300);
    const from = [1, 2].map((number) => cluster.events[number - 1]?.length ?? 0);
    work(cluster, 500);
    for (const [at, number] of [1, 2].entries()) {
      expect(largest(cluster, number, from[at] ?? 0)).toBeLessThanOrEqual(packetBytes);
    }
  });

  test('is added by an AddProcessor that is longer than a packet', () => {
    const address = { packetBytes: 576, datagramBytes: 16_000 };
    const members = 24;
    const cluster = Cluster.formed(members, { settings: address, beside: 1, passesBytes: 576 });
    cluster.at(members + 1).join(group, cluster.now);
    cluster.run(1_000);
    expect(cluster.of(members + 1, 'view').at(-1)?.view.members).toHaveLength(members + 1);
  });
});

test('a joiner whose path passes large datagrams is sent them soon', () => {
  const cluster = busy();
  cluster.at(4).join(group, cluster.now);
  work(cluster, 500);
  const from = cluster.events[0]?.length ?? 0;
  work(cluster, 200);
  expect(largest(cluster, 1, from)).toBeGreaterThan(2_900);
  expect(cluster.texts(4).length).toBeGreaterThan(100);
});

test('who agrees on what is longer than a packet agrees where no longer datagram passes', () => {
  const members = 24;
  const cluster = Cluster.formed(members, { settings: { packetBytes: 576 }, passesBytes: 576 });
  cluster.silent.add(cluster.at(members).id);
  cluster.run(3_000);
  expect(cluster.of(1, 'view').at(-1)?.view.members).toHaveLength(members - 1);
});

describe('slices that make no message', () => {
  /** A slice that the second is given in the name of the first, with what it stands for. */
  function give(
    cluster: Cluster,
    whole: Uint8Array,
    change: Partial<Message['header']> = {},
  ): void {
    const { order, source, sequence, timestamp, ack } = opened(checked.seal(whole)).header;
    const envelope = { order, source, group, sequence, timestamp, ack, ...change };
    const half = Math.ceil(whole.length / 2);
    for (const offset of [0, half]) {
      const content = whole.subarray(offset, offset + half);
      const body = { type: 'slice', length: whole.length, offset, content } as const;
      cluster.at(2).receive(checked.seal(encode(envelope, body)), cluster.now);
    }
  }

  function regular(cluster: Cluster, again: boolean): Uint8Array {
    const header = { order: 'big', source: cluster.at(1).id, group } as const;
    const parts = [
      { first: true, last: true, restart: false, request: null, bytes: new Uint8Array(9) },
    ];
    const counters = { sequence: 10_000, timestamp: 1, ack: 0 };
    const bytes = encode({ ...header, ...counters }, { type: 'regular', parts });
    return again ? asRetransmission(bytes) : bytes;
  }

  test.each([
    ['with another number', true, { sequence: 5_000 }],
    ['of another group', true, { group: groupId(9) }],
    ['that is none that was sent again', false, {}],
  ])('a message %s: counted, and without effect', (_, again, change) => {
    const cluster = Cluster.formed(2);
    const before = cluster.at(2).refused.get('absurd') ?? 0;
    give(cluster, regular(cluster, again), change);
    cluster.run(10);
    const { refused } = cluster.at(2);
    expect((refused.get('absurd') ?? 0) + (refused.get('unknown') ?? 0)).toBeGreaterThan(before);
    cluster.send(1, 'goes on');
    cluster.run(20);
    expect(cluster.texts(2)).toEqual(['goes on']);
  });
});
