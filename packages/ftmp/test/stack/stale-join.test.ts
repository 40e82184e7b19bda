/** A Join may come when its sender has been in the group and gone, and to one who came after that (P5). */
import { describe, expect, test } from 'vitest';
import { decode, defaultSettings, isRefusal } from '../../src/index.ts';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

const isA = (type: keyof typeof messageTypes, bytes: Uint8Array) => bytes[7] === messageTypes[type];

/** The third was a member, spoke, and was removed; then the fourth came. Its first Join to the fourth, and its message, are under way. */
function grown(): Cluster {
  const cluster = new Cluster(4);
  const [, , three, four] = cluster.processors.map(({ id }) => id);
  cluster.isCut = (from, to, bytes) => from === three && to === four && isA('join', bytes);
  for (const number of [1, 2, 3]) {
    cluster.at(number).join(group, cluster.now, number === 1);
    cluster.run(300);
  }
  cluster.isCut = (from, to) => (from === three) !== (to === three);
  cluster.send(3, 'said before');
  cluster.run(3);
  if (three !== undefined) cluster.silent.add(three);
  cluster.run(2_000);
  cluster.at(4).join(group, cluster.now);
  cluster.run(300);
  cluster.isCut = () => false;
  return cluster;
}

describe('a Join of one who has been a member', () => {
  test('does not bring it back when it comes late to a newcomer', () => {
    const cluster = grown();
    const [one, two, three, four] = cluster.processors.map(({ id }) => id);
    const from = ({ from, to }: { from: number; to: number }) => from === three && to === four;
    const late = cluster.lost.filter((datagram) => from(datagram));
    const join = late.find(({ bytes }) => isA('join', bytes));
    if (join === undefined) throw new Error('no Join');
    cluster.transmit(join);
    cluster.run(100);
    for (const datagram of late) cluster.transmit(datagram);
    cluster.run(300);
    for (const number of [1, 2, 4]) {
      expect(cluster.of(number, 'view').at(-1)?.view.members).toEqual([one, two, four]);
      expect(cluster.texts(number)).toEqual([]);
    }
  });
});

describe('a Join to one who came after others', () => {
  /** Whoever made the group has gone. */
  function inherited(): Cluster {
    const cluster = Cluster.formed(3, { beside: 1 });
    cluster.at(1).leave(group, cluster.now);
    cluster.run(300);
    return cluster;
  }

  test('is answered, and names the view when it is sent again', () => {
    const cluster = inherited();
    const [, two, three, four] = cluster.processors.map(({ id }) => id);
    const named: number[] = [];
    cluster.isCut = (from, to, bytes) => {
      const message = from === four && to === two ? decode(bytes.subarray(0, -4)) : null;
      if (message === null || isRefusal(message)) return false;
      if (message.body.type === 'join') named.push(message.body.view.timestamp);
      return false;
    };
    const { id } = cluster.of(2, 'view').at(-1)?.view ?? {};
    cluster.at(4).join(group, cluster.now);
    cluster.run(20);
    expect(named).toEqual([0, id?.timestamp]);
    expect(cluster.of(4, 'view').map(({ view }) => view.members)).toEqual([[two, three, four]]);
  });

  test('is answered by the next when the first of them is not heard', () => {
    const cluster = inherited();
    const [, two, three, four] = cluster.processors.map(({ id }) => id);
    cluster.isCut = (from, to) => from === two && to === four;
    cluster.at(4).join(group, cluster.now);
    cluster.run(20);
    cluster.isCut = () => false;
    cluster.run(150);
    expect(cluster.of(4, 'view').map(({ view }) => view.members)).toEqual([[two, three, four]]);
  });
});

describe('who asks, and has heard of a view', () => {
  test('is not added by an AddProcessor from before it', () => {
    const cluster = Cluster.formed(2, { beside: 2 });
    const [one, two, three] = cluster.processors.map(({ id }) => id);
    // It is added, and hears nothing of that, nor of anything else that is no Announce.
    cluster.isCut = (_from, to, bytes) => to === three && !isA('announce', bytes);
    cluster.at(3).join(group, cluster.now);
    cluster.run(5);
    const added = cluster.lost.find(({ bytes }) => isA('addProcessor', bytes));
    if (added === undefined) throw new Error('no AddProcessor');
    cluster.run(2_500);
    expect(cluster.of(1, 'view').at(-1)?.view.members).toEqual([one, two]);
    cluster.at(4).join(group, cluster.now);
    cluster.run(300);
    // It hears of what came after that, from one who does not know it.
    cluster.run(500);
    cluster.isCut = () => false;
    cluster.transmit(added);
    cluster.isCut = () => true;
    cluster.run(100);
    expect(cluster.of(3, 'view')).toEqual([]);
    expect(cluster.of(3, 'address')).toEqual([]);
  });
});

describe('who asks, and hears of two groups of one number', () => {
  /** Tells the second that the first is in a group which began with this timestamp, and has come to a view. */
  function told(cluster: Cluster, [beginning, timestamp]: readonly [number, number]): void {
    const [from, to] = [cluster.at(1).id, cluster.at(2).id];
    const [lineage, view] = [beginning, timestamp].map((at) => ({
      timestamp: at,
      processor: from,
    }));
    if (lineage === undefined || view === undefined) throw new Error('no view');
    const place = { lineage, configuration: lineage, view, address: new Uint8Array(0) };
    const body = { type: 'announce', ...place, primary: true, members: 2 } as const;
    cluster.transmit({ from, to, bytes: forged(from, body) });
    cluster.run(2);
  }

  /** The views that the second has named in its Joins. */
  function named(cluster: Cluster): number[] {
    return cluster.lost.flatMap(({ bytes }) => {
      const message = decode(bytes.subarray(0, -4));
      if (isRefusal(message) || message.body.type !== 'join') return [];
      return [message.body.view.timestamp];
    });
  }

  test('keeps to the first, and starts anew when it hears nothing more of that', () => {
    const cluster = new Cluster(2);
    const two = cluster.at(2).id;
    cluster.isCut = (from) => from === two;
    cluster.at(2).join(group, cluster.now);
    cluster.run(5);
    told(cluster, [1, 10]);
    told(cluster, [2, 5]);
    told(cluster, [1, 9]);
    cluster.run(250);
    expect(named(cluster)).toEqual([0, 10, 10]);
    expect(cluster.at(2).refused.get('rival')).toBe(1);
    cluster.run(defaultSettings.joinPatienceMs);
    expect(cluster.of(2, 'excluded')).toEqual([]);
    told(cluster, [2, 5]);
    expect(cluster.of(2, 'excluded')).toHaveLength(1);
  });
});
