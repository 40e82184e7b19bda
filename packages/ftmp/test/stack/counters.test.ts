/** What a processor counts of a group: each thing that it does, or that happens to it, where that is what is to be looked for. */
import { expect, test } from 'vitest';
import type { GroupCounters } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';

function countersOf(cluster: Cluster, number: number): GroupCounters {
  const counters = cluster.at(number).counters(group);
  if (counters === null) throw new Error('it is in no group');
  return counters;
}

test('views, and heartbeats, of which some are probes', () => {
  const cluster = Cluster.formed(3);
  // Large messages are worth a probe of how large datagrams may be.
  for (let count = 0; count < 50; count += 1) {
    cluster.send(1, 'x'.repeat(5_000));
    cluster.run(20);
  }
  const { views, heartbeats, probes } = countersOf(cluster, 1);
  expect(views).toBe(3);
  const sent = (cluster.events[0] ?? []).filter(
    (event) => event.kind === 'sent' && event.type === 'heartbeat',
  );
  expect(heartbeats).toBe(sent.length);
  expect(probes).toBeGreaterThan(0);
  expect(probes).toBeLessThan(heartbeats);
});

test('who is suspected, once for each time', () => {
  const cluster = Cluster.formed(3);
  cluster.silent.add(cluster.at(3).id);
  cluster.run(1_000);
  expect(countersOf(cluster, 1).suspicions).toBe(1);
});

test('messages that come twice', () => {
  const cluster = Cluster.formed(2);
  const before = countersOf(cluster, 2).duplicates;
  const { transmit } = cluster;
  cluster.transmit = (datagram) => {
    transmit.call(cluster, datagram);
    transmit.call(cluster, datagram);
  };
  for (const text of ['one', 'two']) {
    cluster.send(1, text);
    cluster.run(5);
  }
  expect(countersOf(cluster, 2).duplicates - before).toBe(2);
});

test('how often there was no room', () => {
  const cluster = Cluster.formed(2, { settings: { queueMessages: 1 } });
  const answers = ['one', 'two', 'three'].map((text) => cluster.send(1, text));
  expect(answers).toEqual(['queued', 'full', 'full']);
  expect(countersOf(cluster, 1).fullAnswers).toBe(2);
});
