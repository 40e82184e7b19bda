/** Who answers a request for what is missing, when its source cannot. */
import { describe, expect, test } from 'vitest';
import { Cluster } from './cluster.ts';

/** Of the last processor the first hears nothing, and it sends so many messages that each need a datagram. */
function deafened(messages: number): Cluster {
  const cluster = Cluster.formed(6);
  const [deaf, source] = [cluster.at(1).id, cluster.at(6).id];
  cluster.isCut = (from, to) =>
    (from === source && to === deaf) || (from === deaf && to === source);
  for (let n = 0; n < messages; n += 1) {
    cluster.send(6, `message ${n}`);
    cluster.run(1);
  }
  return cluster;
}

function answers(cluster: Cluster, number: number): number {
  const events = cluster.events[number - 1] ?? [];
  return events.filter(({ kind }) => kind === 'retransmitted').length;
}

const holders = [2, 3, 4, 5];

describe('what a processor does not hear from its source', () => {
  test('is answered by one holder, however many there are', () => {
    const cluster = deafened(100);
    // It asks when it suspects the source.
    cluster.run(600);
    expect(cluster.texts(1)).toHaveLength(100);
    const all = holders.reduce((sum, number) => sum + answers(cluster, number), 0);
    expect(all).toBeGreaterThan(0);
    expect(all).toBeLessThanOrEqual(110);
  });

  test('is not answered by the same one each time', () => {
    const cluster = deafened(200);
    cluster.run(2_000);
    expect(holders.filter((number) => answers(cluster, number) > 0).length).toBeGreaterThan(1);
  });

  test('comes when the answers of all holders but one are lost', () => {
    const cluster = Cluster.formed(6);
    const [deaf, heard, source] = [cluster.at(1).id, cluster.at(4).id, cluster.at(6).id];
    // H5: Regular is type 0.
    cluster.isCut = (from, to, bytes) =>
      to === deaf && (from === source || (from !== heard && bytes[7] === 0));
    cluster.send(6, 'missing');
    cluster.run(1_000);
    expect(cluster.texts(1)).toEqual(['missing']);
  });
});
