/** Several logical connections on one processor group, apart from each other. */
import { describe, expect, test } from 'vitest';
import { type ConnectionId, connectionText, type EffectOf } from '../../src/index.ts';
import { Cluster, group } from '../stack/cluster.ts';

const place = { group, address: new Uint8Array([10]) };
const server = { domain: 1, group: 90 };

/** Of one client object group to one server object group; every two differ in one number only. */
const shop: ConnectionId = { client: { domain: 1, group: 70 }, server };
const others: readonly ConnectionId[] = [
  { ...shop, client: { domain: 1, group: 71 } },
  { ...shop, client: { domain: 2, group: 70 } },
  { ...shop, server: { domain: 1, group: 91 } },
  { ...shop, server: { domain: 2, group: 90 } },
];
const all = [shop, ...others];

type Sent = { readonly connection: ConnectionId; readonly number: number; readonly reply?: true };

function submit(cluster: Cluster, number: number, request: Sent): void {
  const bytes = new TextEncoder().encode(textOf(request));
  expect(cluster.at(number).submit(group, { bytes, safe: false, request })).toBe('queued');
}

function textOf({ connection, number, reply }: Sent): string {
  return `${connectionText(connection)} ${reply === true ? 'reply' : 'request'} ${number}`;
}

/** What was given, as the request in its head says; that is what its text says, too. */
function given(cluster: Cluster, number: number): string[] {
  return cluster.of(number, 'deliver').map(({ request, bytes }) => {
    const text = request === null ? 'none' : textOf(request as Sent);
    expect(new TextDecoder().decode(bytes)).toBe(text);
    return text;
  });
}

/** Two serve all the object groups; two clients have asked for all the connections, and are in. */
function connected(): Cluster {
  const cluster = Cluster.formed(2, { beside: 2 });
  for (const number of [1, 2]) {
    for (const one of all) cluster.at(number).serve(group, one.server, place);
  }
  for (const number of [3, 4]) {
    for (const one of all) cluster.at(number).connect(one, [cluster.at(number).id], cluster.now);
    cluster.run(300);
    cluster.at(number).join(group, cluster.now);
    cluster.run(300);
  }
  return cluster;
}

function opened(cluster: Cluster, number: number): string[] {
  const connections = cluster.of(number, 'connection').filter(({ state }) => state === 'opened');
  return connections.map(({ connection }) => connectionText(connection));
}

describe('several connections on one processor group', () => {
  test('are opened each once, at every member', () => {
    const cluster = connected();
    const names = all.map(connectionText).sort();
    for (const number of [1, 2, 3, 4]) expect(opened(cluster, number).sort()).toEqual(names);
    for (const number of [3, 4]) {
      const answers = cluster.of(number, 'connected').map(({ connection }) => connection);
      expect(answers.map(connectionText).sort()).toEqual(names);
    }
  });

  test('have request numbers of their own: the same ones on each are no duplicates', () => {
    const cluster = connected();
    const sent: string[] = [];
    for (let number = 0; number < 10; number += 1) {
      for (const connection of all) {
        const request = { connection, number };
        const reply = { ...request, reply: true } as const;
        submit(cluster, 3, request);
        submit(cluster, 1, reply);
        sent.push(textOf(request), textOf(reply));
      }
      cluster.run(2);
    }
    cluster.run(50);
    for (const number of [1, 2, 3, 4]) {
      expect(given(cluster, number).sort()).toEqual([...sent].sort());
      expect(cluster.of(number, 'suppressed')).toEqual([]);
    }
    expect(given(cluster, 4)).toEqual(given(cluster, 1));
  });

  test('judge duplicates apart: what was taken on one is taken on the other, once', () => {
    const cluster = connected();
    const [one, other] = [shop, others[0] ?? shop];
    for (const number of [3, 4]) submit(cluster, number, { connection: one, number: 5_000 });
    cluster.run(20);
    // Far below what the first has come to, where its window counts everything as taken.
    for (const number of [3, 4]) submit(cluster, number, { connection: other, number: 1 });
    cluster.run(20);
    for (const number of [1, 2, 3, 4]) {
      const texts = [
        { connection: one, number: 5_000 },
        { connection: other, number: 1 },
      ];
      expect(given(cluster, number)).toEqual(texts.map(textOf));
      expect(suppressed(cluster, number)).toEqual(texts.map((text) => `duplicate ${textOf(text)}`));
    }
  });

  test('move apart: the others stay where they are', () => {
    const cluster = connected();
    const there = { group, address: new Uint8Array([20]) };
    cluster.run(100);
    cluster.at(1).move(group, shop, there);
    // These do not know of the move.
    for (const connection of all) submit(cluster, 4, { connection, number: 1 });
    cluster.run(50);
    for (const number of [1, 2, 3, 4]) {
      const moved = cluster.of(number, 'connection').filter(({ state }) => state === 'moved');
      expect(moved.map(({ connection }) => connection)).toEqual([shop]);
      expect(suppressed(cluster, number)).toEqual([
        `moved ${textOf({ connection: shop, number: 1 })}`,
      ]);
      const rest = others.map((connection) => textOf({ connection, number: 1 }));
      expect(given(cluster, number)).toEqual(rest);
    }
  });
});

function suppressed(cluster: Cluster, number: number): string[] {
  const described = ({ why, request }: EffectOf<'suppressed'>) =>
    `${why} ${textOf(request as Sent)}`;
  return cluster.of(number, 'suppressed').map(described);
}
