/** Who leaves: before it is in, and when the others have let it go already. */
import { describe, expect, test } from 'vitest';
import { type Body, checked, decode, encode, groupId, isRefusal } from '../../src/index.ts';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';

const other = groupId(2);

describe('who leaves while it is being added', () => {
  test('leaves in order once it is in, and keeps its other groups', () => {
    const cluster = Cluster.formed(3);
    cluster.at(1).join(other, cluster.now, true);
    cluster.run(50);
    cluster.at(3).join(other, cluster.now);
    // It has been told of the group, and asks it.
    cluster.run(3);
    cluster.at(3).leave(other, cluster.now);
    cluster.run(3_000);
    const left = cluster.of(3, 'left').map(({ group: id }) => id);
    expect(left).toEqual([other]);
    for (const number of [1, 2, 3]) expect(cluster.of(number, 'excluded')).toEqual([]);
    cluster.send(3, 'still here');
    cluster.run(50);
    expect(cluster.texts(1)).toEqual(['still here']);
  });

  test('has left soon when nobody adds it', () => {
    const cluster = new Cluster(1);
    cluster.at(1).join(group, cluster.now);
    cluster.run(100);
    cluster.at(1).leave(group, cluster.now);
    cluster.run(500);
    expect(cluster.of(1, 'left')).toHaveLength(1);
  });

  test('has left at once when it never asked', () => {
    const cluster = new Cluster(1);
    cluster.at(1).join(group, cluster.now);
    cluster.at(1).leave(group, cluster.now);
    cluster.run(1);
    expect(cluster.of(1, 'left')).toHaveLength(1);
  });
});

describe('who leaves while somebody is added within its long message', () => {
  /** @param passed so many of its datagrams come to the second, for 40 ms */
  function left(passed: number): Cluster {
    const cluster = Cluster.formed(3, { beside: 1 });
    const [, two, three] = cluster.processors.map(({ id }) => id);
    cluster.at(4).join(group, cluster.now);
    // The first adds the fourth in the millisecond in which the third sends its pieces.
    cluster.run(3);
    const until = cluster.now + 40;
    let seen = 0;
    cluster.isCut = (from, to, bytes) => {
      const isOrdered = [messageTypes.regular, messageTypes.removeProcessor].some(
        (type) => type === bytes[7],
      );
      if (cluster.now >= until || from !== three || to !== two || !isOrdered) return false;
      seen += 1;
      return seen > passed;
    };
    const bytes = new Uint8Array(200_000);
    expect(cluster.at(3).submit(group, { bytes, safe: false, request: null })).toBe('queued');
    cluster.at(3).leave(group, cluster.now);
    cluster.run(3_000);
    return cluster;
  }

  test.each([
    { what: 'nothing is lost', passed: Number.POSITIVE_INFINITY },
    { what: 'some lack the rest for a while', passed: 20 },
  ])('sends that anew before it goes, when $what', ({ passed }) => {
    const cluster = left(passed);
    const causes = cluster.of(1, 'view').map(({ view }) => view.cause);
    expect(causes).toEqual(['first', 'added', 'added', 'added', 'removed']);
    expect(cluster.of(3, 'left')).toHaveLength(1);
    expect([1, 2, 3, 4].map((number) => cluster.of(number, 'deliver').length)).toEqual([
      1, 1, 1, 1,
    ]);
  });
});

test('what a member says behind its own removal is given to nobody', () => {
  const cluster = Cluster.formed(3);
  const three = cluster.at(3).id;
  let [sequence, timestamp, ack] = [0, 0, 0];
  cluster.isCut = (from, _to, bytes) => {
    const message = decode(checked.open(bytes) ?? bytes);
    if (from === three && !isRefusal(message)) ({ sequence, timestamp, ack } = message.header);
    return false;
  };
  cluster.run(200);
  cluster.silent.add(three);
  const say = (body: Body): void => {
    sequence += 1;
    timestamp += 2 ** 21;
    const header = { order: 'big', source: three, group, sequence, timestamp, ack } as const;
    const bytes = checked.seal(encode(header, body));
    for (const { id } of [cluster.at(1), cluster.at(2)])
      cluster.transmit({ from: three, to: id, bytes });
  };
  const part = { first: true, last: true, restart: false, request: null };
  say({ type: 'removeProcessor', member: three });
  say({ type: 'regular', parts: [{ ...part, bytes: new TextEncoder().encode('late') }] });
  cluster.run(100);
  // It acknowledges that it goes, when the others have ordered what it said behind that.
  ack = timestamp;
  say({ type: 'regular', parts: [{ ...part, bytes: new TextEncoder().encode('later') }] });
  cluster.run(1_000);
  expect(cluster.of(1, 'view').at(-1)?.view.cause).toBe('removed');
  expect([cluster.texts(1), cluster.texts(2)]).toEqual([[], []]);
});

test('who misses the last acknowledgement of its leaving is told, and has left, not been excluded', () => {
  const cluster = Cluster.formed(3);
  cluster.run(100);
  cluster.at(3).leave(group, cluster.now);
  // The others acknowledge to each other, and not to 3.
  const leaver = cluster.at(3).id;
  cluster.run(2);
  cluster.isCut = (_, to) => to === leaver;
  cluster.run(100);
  expect(cluster.of(1, 'view').at(-1)?.view.members).toHaveLength(2);
  expect(cluster.of(3, 'left')).toEqual([]);
  cluster.isCut = () => false;
  cluster.run(300);
  expect(cluster.of(3, 'left')).toHaveLength(1);
  expect(cluster.of(3, 'excluded')).toEqual([]);
});

test.each([
  {
    who: 'somebody else has left',
    after: (cluster: Cluster) => cluster.at(2).leave(group, cluster.now),
  },
  { who: 'somebody has come', after: (cluster: Cluster) => cluster.at(4).join(group, cluster.now) },
])('who misses that is told, and keeps its other groups, when $who since', ({ after }) => {
  const cluster = Cluster.formed(3, { beside: 1 });
  const leaver = cluster.at(3).id;
  cluster.at(3).join(other, cluster.now, true);
  cluster.run(100);
  cluster.at(3).leave(group, cluster.now);
  cluster.run(2);
  cluster.isCut = (_, to) => to === leaver;
  after(cluster);
  cluster.run(300);
  expect(cluster.of(1, 'view').at(-1)?.view.cause).not.toBe('fault');
  // Nobody sends it any more what is for the group.
  cluster.isCut = (_, to, bytes) => to === leaver && bytes[7] !== messageTypes.refuse;
  cluster.run(300);
  expect(cluster.of(3, 'left').map(({ group: id }) => id)).toEqual([group]);
  expect(cluster.of(3, 'excluded')).toEqual([]);
});

test('who is excluded from one group between two turns is out of all', () => {
  const cluster = Cluster.formed(3);
  for (const number of [1, 2, 3]) {
    cluster.at(number).join(other, cluster.now, number === 1);
    cluster.run(300);
  }
  const victim = cluster.at(3).id;
  cluster.isCut = (from, to) => from === victim || to === victim;
  cluster.run(2_000);
  cluster.isCut = () => false;
  cluster.run(1_000);
  const groups = new Set(cluster.of(3, 'excluded').map(({ group: id }) => id));
  expect(groups).toEqual(new Set([group, other]));
});

test('who has just left one group has not been excluded from it when it is from another', () => {
  const cluster = Cluster.formed(3);
  for (const number of [1, 2, 3]) {
    cluster.at(number).join(other, cluster.now, number === 1);
    cluster.run(300);
  }
  const victim = cluster.at(3).id;
  // H8: the number of the group, which is small.
  cluster.isCut = (from, to, bytes) => (from === victim || to === victim) && bytes[23] === group;
  cluster.run(250);
  cluster.at(3).leave(other, cluster.now);
  while (!cluster.of(1, 'forget').some(({ convicted }) => convicted)) cluster.run(1);
  cluster.isCut = () => false;
  cluster.run(1_000);
  expect(cluster.of(3, 'left').map(({ group: id }) => id)).toEqual([other]);
  expect(cluster.of(3, 'excluded').map(({ group: id }) => id)).toEqual([group]);
});

describe('who leaves when it hears nobody who stays', () => {
  const deserted = (): Cluster => {
    const cluster = Cluster.formed(2);
    cluster.run(100);
    cluster.isCut = () => true;
    cluster.send(2, 'from the other side');
    cluster.at(1).leave(group, cluster.now);
    // Both suspect each other, and the first alone is a quorum.
    cluster.run(1_000);
    return cluster;
  };

  test('waits, and hands the group over when the other is back', () => {
    const cluster = deserted();
    expect(cluster.of(1, 'left')).toEqual([]);
    cluster.isCut = () => false;
    cluster.run(1_000);
    expect(cluster.of(1, 'left')).toHaveLength(1);
    expect(cluster.of(2, 'view').at(-1)?.view.members).toEqual([cluster.at(2).id]);
    expect(cluster.texts(2)).toEqual(['from the other side']);
  });

  test('is out after two seconds, once', () => {
    const cluster = deserted();
    cluster.run(3_000);
    expect(cluster.of(1, 'left')).toEqual([]);
    expect(cluster.of(1, 'excluded')).toHaveLength(1);
    expect(cluster.of(2, 'primary').at(-1)?.primary).toBe(false);
  });
});

test('who has left decides the end of its configuration once', () => {
  const cluster = Cluster.formed(3);
  cluster.run(100);
  const three = cluster.at(3).id;
  cluster.isCut = (from) => from === three;
  cluster.at(1).leave(group, cluster.now);
  cluster.run(3_000);
  const decided = (cluster.events[0] ?? []).filter(({ kind }) => kind === 'decided');
  expect(decided).toHaveLength(1);
});
