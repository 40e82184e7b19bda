/** Logical connections in virtual time: opened, used, moved. */
import { describe, expect, test } from 'vitest';
import { type ConnectionId, groupId, placeText, type Request } from '../../src/index.ts';
import { Cluster, group } from '../stack/cluster.ts';

const shop: ConnectionId = { client: { domain: 1, group: 70 }, server: { domain: 1, group: 90 } };
const here = { group, address: new Uint8Array([10]) };
const there = { group, address: new Uint8Array([20]) };

/** The first of them serve; the last is a client outside the group. */
function served(servers: number): Cluster {
  const cluster = new Cluster(servers + 1);
  for (let number = 1; number <= servers; number += 1) {
    cluster.at(number).join(group, cluster.now, number === 1);
    cluster.at(number).serve(group, shop.server, here);
    cluster.run(300);
  }
  return cluster;
}

/** The client is in, and the connection is open. */
function connected(servers: number): Cluster {
  const cluster = served(servers);
  const client = cluster.at(servers + 1);
  client.connect(shop, [client.id], cluster.now);
  cluster.run(50);
  client.join(group, cluster.now);
  cluster.run(300);
  return cluster;
}

function ask(
  cluster: Cluster,
  number: number,
  request: Omit<Request, 'connection'>,
  text = '',
): void {
  const bytes = new TextEncoder().encode(text);
  const whole = { connection: shop, ...request };
  expect(cluster.at(number).submit(group, { bytes, safe: false, request: whole })).toBe('queued');
}

function states(cluster: Cluster, number: number): string[] {
  return cluster
    .of(number, 'connection')
    .map(({ state, carrier, address }) => `${state} ${placeText({ group: carrier, address })}`);
}

function sentBy(cluster: Cluster, number: number, type: string): number {
  const events = cluster.events[number - 1] ?? [];
  return events.filter((event) => event.kind === 'sent' && event.type === type).length;
}

describe('a client and one server', () => {
  test('are connected by a Connect that names the group to join', () => {
    const cluster = served(1);
    const client = cluster.at(2);
    client.connect(shop, [client.id], cluster.now);
    cluster.run(50);
    const [answer, ...more] = cluster.of(2, 'connected');
    expect(answer).toMatchObject({ group, connection: shop, address: here.address });
    expect(more).toEqual([]);
    expect(states(cluster, 1)).toEqual(['opened 1/0a']);
  });

  test('the client asks until it is answered, and then no more', () => {
    const cluster = served(1);
    const [server, client] = [cluster.at(1), cluster.at(2)];
    cluster.silent.add(server.id);
    client.connect(shop, [client.id], cluster.now);
    cluster.run(900);
    expect(sentBy(cluster, 2, 'connectRequest')).toBe(5);
    cluster.silent.delete(server.id);
    cluster.run(200);
    expect(cluster.of(2, 'connected')).toHaveLength(1);
    const asked = sentBy(cluster, 2, 'connectRequest');
    cluster.run(1_000);
    expect(sentBy(cluster, 2, 'connectRequest')).toBe(asked);
  });

  test('an established connection is not made again; who asks is repeated its Connect', () => {
    const cluster = served(1);
    const client = cluster.at(2);
    client.connect(shop, [client.id], cluster.now);
    cluster.run(60);
    client.connect(shop, [client.id], cluster.now);
    cluster.run(60);
    client.connect(shop, [client.id], cluster.now);
    cluster.run(50);
    expect(cluster.of(2, 'connected')).toHaveLength(3);
    expect(sentBy(cluster, 1, 'connect')).toBe(1);
    expect(states(cluster, 1)).toEqual(['opened 1/0a']);
  });

  test('an object group that nobody serves is not connected', () => {
    const cluster = served(1);
    const client = cluster.at(2);
    client.connect({ ...shop, server: { domain: 1, group: 91 } }, [client.id], cluster.now);
    cluster.run(1_000);
    expect(cluster.of(2, 'connected')).toEqual([]);
    expect(sentBy(cluster, 1, 'connect')).toBe(0);
  });
});

describe('several replicas', () => {
  test('one of the servers answers, and all open the same connection', () => {
    const cluster = connected(3);
    const opened = [1, 2, 3].map((number) => sentBy(cluster, number, 'connect'));
    // Once as the answer, once to tell the client that came.
    expect(opened).toEqual([2, 0, 0]);
    for (const number of [1, 2, 3, 4]) expect(states(cluster, number)).toEqual(['opened 1/0a']);
  });

  test('when the highest-ranked is silent, the next one answers', () => {
    const cluster = served(3);
    cluster.silent.add(cluster.at(1).id);
    const client = cluster.at(4);
    client.connect(shop, [client.id], cluster.now);
    cluster.run(2_500);
    expect(cluster.of(4, 'connected')).toHaveLength(1);
    for (const number of [2, 3]) expect(states(cluster, number)).toEqual(['opened 1/0a']);
  });

  test('give each request, and each reply, to everybody once', () => {
    const cluster = connected(3);
    for (let number = 0; number < 20; number += 1) {
      for (const replica of [1, 2]) ask(cluster, replica, { number }, `request ${number}`);
      for (const replica of [3, 4])
        ask(cluster, replica, { number, reply: true }, `reply ${number}`);
      cluster.run(1);
    }
    cluster.run(50);
    const texts = cluster.texts(1);
    expect(texts).toHaveLength(40);
    expect(new Set(texts).size).toBe(40);
    for (const member of [1, 2, 3, 4]) {
      expect(cluster.texts(member)).toEqual(texts);
      const why = cluster.of(member, 'suppressed').map((effect) => effect.why);
      expect(why).toEqual(Array.from({ length: 40 }, () => 'duplicate'));
    }
  });
});

describe('the barrier', () => {
  test('nothing that is ordered is sent behind a Connect, until all were heard past it', () => {
    const cluster = connected(3);
    cluster.silent.add(cluster.at(4).id);
    cluster.at(1).move(group, shop, there);
    cluster.run(3);
    const before = [1, 2, 3].map((number) => sentBy(cluster, number, 'regular'));
    for (const number of [1, 2, 3]) cluster.send(number, 'waits');
    cluster.run(100);
    expect([1, 2, 3].map((number) => sentBy(cluster, number, 'regular'))).toEqual(before);
    cluster.silent.delete(cluster.at(4).id);
    cluster.run(100);
    for (const number of [1, 2, 3, 4]) expect(cluster.texts(number)).toHaveLength(3);
  });

  test('falls within three hops, without waiting for an interval', () => {
    const cluster = connected(3);
    cluster.at(1).move(group, shop, there);
    cluster.run(1);
    cluster.send(2, 'soon');
    cluster.run(5);
    for (const number of [1, 2, 3, 4]) expect(cluster.texts(number)).toEqual(['soon']);
  });

  test('does not stop who is alone', () => {
    const cluster = served(1);
    cluster.at(1).move(group, shop, here);
    cluster.run(2);
    cluster.send(1, 'alone');
    cluster.run(2);
    expect(cluster.texts(1)).toEqual(['alone']);
  });

  test('falls when who is silent has been removed', () => {
    const cluster = connected(3);
    cluster.silent.add(cluster.at(4).id);
    cluster.at(1).move(group, shop, there);
    cluster.send(2, 'later');
    cluster.run(3_000);
    for (const number of [1, 2, 3]) expect(cluster.texts(number)).toEqual(['later']);
  });
});

describe('a move', () => {
  test('to another address: what was sent without knowing of it is ignored by all, and told its sender', () => {
    const cluster = connected(3);
    cluster.run(100);
    // Of two at once neither knows of the other, and the lower source comes first.
    cluster.at(1).move(group, shop, there);
    ask(cluster, 4, { number: 1 }, 'crossed');
    cluster.run(50);
    for (const number of [1, 2, 3, 4]) {
      expect(states(cluster, number).at(-1)).toBe('moved 1/14');
      expect(cluster.texts(number)).toEqual([]);
      const [effect, ...more] = cluster.of(number, 'suppressed');
      expect(effect).toMatchObject({ why: 'moved', sender: cluster.at(4).id });
      expect(more).toEqual([]);
    }
    ask(cluster, 4, { number: 1 }, 'again');
    cluster.run(50);
    for (const number of [1, 2, 3, 4]) expect(cluster.texts(number)).toEqual(['again']);
  });

  test('to another processor group: the old one takes nothing more, the new one nothing twice', () => {
    const cluster = connected(2);
    const other = groupId(2);
    for (const number of [1, 2, 3]) {
      cluster.at(number).join(other, cluster.now, number === 1);
      cluster.run(300);
    }
    ask(cluster, 3, { number: 1 }, 'first');
    cluster.run(50);
    cluster.at(1).move(group, shop, { group: other, address: there.address });
    cluster.run(100);
    ask(cluster, 3, { number: 2 }, 'old');
    for (const number of [1, 2]) {
      const request = { connection: shop, number };
      cluster.at(3).submit(other, { bytes: new Uint8Array([48 + number]), safe: false, request });
    }
    cluster.run(50);
    for (const number of [1, 2, 3]) {
      expect(cluster.texts(number)).toEqual(['first', '2']);
      const why = cluster.of(number, 'suppressed').map((effect) => effect.why);
      expect(why.sort()).toEqual(['duplicate', 'moved']);
      expect(states(cluster, number).slice(-1)).toEqual(['moved 2/14']);
    }
  });

  test('while one is under way follows it; of several the last', () => {
    const cluster = connected(2);
    cluster.run(100);
    const places = [20, 30, 40].map((octet) => ({ group, address: new Uint8Array([octet]) }));
    for (const place of places) cluster.at(1).move(group, shop, place);
    cluster.run(100);
    for (const number of [1, 2, 3]) {
      expect(states(cluster, number).slice(-2)).toEqual(['moved 1/14', 'moved 1/28']);
    }
    const sent = sentBy(cluster, 1, 'connect');
    cluster.run(1_000);
    expect(sentBy(cluster, 1, 'connect')).toBe(sent);
  });

  test('back to where one under way goes is none', () => {
    const cluster = connected(1);
    cluster.run(100);
    for (const place of [there, here, there]) cluster.at(1).move(group, shop, place);
    cluster.run(100);
    for (const number of [1, 2])
      expect(states(cluster, number)).toEqual(['opened 1/0a', 'moved 1/14']);
  });

  test('while one to another processor group is under way follows it in that group', () => {
    const cluster = connected(2);
    const other = groupId(2);
    for (const number of [1, 2, 3]) {
      cluster.at(number).join(other, cluster.now, number === 1);
      cluster.run(300);
    }
    const before = sentBy(cluster, 1, 'connect');
    cluster.at(1).move(group, shop, { group: other, address: there.address });
    cluster.at(1).move(group, shop, { group: other, address: new Uint8Array([30]) });
    cluster.run(200);
    for (const number of [1, 2, 3]) expect(states(cluster, number).at(-1)).toBe('moved 2/1e');
    expect(sentBy(cluster, 1, 'connect')).toBe(before + 2);
  });
});
