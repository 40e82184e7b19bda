/** A group has so many connections at most: those beyond are refused, and disturb none of the others. */
import { describe, expect, test } from 'vitest';
import { connectionsMax } from '../../src/connection/routes.ts';
import { type ConnectionId, processorId } from '../../src/index.ts';
import { Cluster, group } from '../stack/cluster.ts';

const place = { group, address: new Uint8Array([10]) };
const server = { domain: 1, group: 90 };

/** The connection of the client object group of this number. */
function connectionOf(client: number): ConnectionId {
  return { client: { domain: 1, group: client }, server };
}

function say(cluster: Cluster, client: number, number = 0): void {
  const request = { connection: connectionOf(client), number };
  const bytes = new TextEncoder().encode(`${client}`);
  expect(cluster.at(2).submit(group, { bytes, safe: false, request })).toBe('queued');
}

/** Something was said on as many as there can be. */
function full(): Cluster {
  const cluster = Cluster.formed(2, { beside: 1 });
  for (const number of [1, 2]) cluster.at(number).serve(group, server, place);
  for (let client = 0; client < connectionsMax; client += 1) {
    say(cluster, client);
    if (client % 256 === 255) cluster.run(20);
  }
  cluster.run(20);
  for (const number of [1, 2]) {
    expect(cluster.texts(number)).toHaveLength(1_024);
    expect(cluster.of(number, 'suppressed')).toEqual([]);
  }
  return cluster;
}

describe('a group that has 1,024 connections', () => {
  test('gives no message of another one: all members have it back as suppressed, one by one', () => {
    const cluster = full();
    for (const more of [0, 1, 0]) say(cluster, connectionsMax + more);
    cluster.run(20);
    for (const number of [1, 2]) {
      expect(cluster.texts(number)).toHaveLength(connectionsMax);
      const refused = cluster.of(number, 'suppressed').map(({ why, request }) => {
        return [why, request.connection.client.group - connectionsMax];
      });
      expect(refused).toEqual([
        ['full', 0],
        ['full', 1],
        ['full', 0],
      ]);
    }
  });

  test('goes on with those that it has', () => {
    const cluster = full();
    say(cluster, connectionsMax);
    for (const client of [0, 500, connectionsMax - 1]) say(cluster, client, 1);
    cluster.run(20);
    for (const number of [1, 2]) {
      expect(cluster.texts(number).slice(connectionsMax)).toEqual(['0', '500', '1023']);
    }
  });

  test('opens no other one', () => {
    const cluster = full();
    const client = cluster.at(3);
    client.connect(connectionOf(connectionsMax), [client.id], cluster.now);
    cluster.run(1_000);
    for (const number of [1, 2]) expect(cluster.of(number, 'connection')).toEqual([]);
  });

  test('answers nobody who asks for another one', () => {
    const cluster = full();
    const client = cluster.at(3);
    client.connect(connectionOf(connectionsMax), [client.id], cluster.now);
    cluster.run(1_000);
    expect(cluster.of(3, 'connected')).toEqual([]);
    expect(cluster.at(1).refused.get('full')).toBeGreaterThan(0);
  });

  test('sends nothing in its order for who asks for another one, again and again', () => {
    const cluster = full();
    const client = cluster.at(3);
    // No multicast comes to who is outside.
    cluster.isCut = (_from, to) => to === client.id;
    const connects = (): number => {
      const events = cluster.events[0] ?? [];
      return events.filter((event) => event.kind === 'sent' && event.type === 'connect').length;
    };
    client.connect(connectionOf(connectionsMax), [client.id], cluster.now);
    cluster.run(5_000);
    expect(connects()).toBeLessThanOrEqual(1);
  });

  test('opens one that it has', () => {
    const cluster = full();
    const client = cluster.at(3);
    client.connect(connectionOf(7), [client.id], cluster.now);
    cluster.run(1_000);
    expect(cluster.of(3, 'connected')).toHaveLength(1);
    for (const number of [1, 2]) {
      const connections = cluster.of(number, 'connection').map(({ state }) => state);
      expect(connections).toEqual(['opened']);
    }
  });
});

test('a processor asks for 1,024 connections at one time, and is told that it does not ask for more', () => {
  const cluster = new Cluster(1);
  const processors = [processorId(1, 7)];
  const asks = (client: number) =>
    cluster.at(1).connect(connectionOf(client), processors, cluster.now);
  for (let client = 0; client < 1_024; client += 1) expect(asks(client)).toBe(true);
  expect(asks(1_024)).toBe(false);
  // It asks for that already.
  expect(asks(0)).toBe(true);
});
