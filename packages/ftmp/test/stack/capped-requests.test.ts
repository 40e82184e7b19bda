/** R4: what a member can make another send again by one request, and what the other counts of it. */
import { expect, test } from 'vitest';
import { counterMax, type Settings } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

/** The first has sent 40 datagrams, none of which has come to the second, who is said to ask for everything. */
function askedForAll(settings: Partial<Settings>): Cluster {
  const cluster = Cluster.formed(2, { settings });
  const [one, two] = [cluster.at(1).id, cluster.at(2).id];
  cluster.isCut = () => true;
  for (let n = 0; n < 40; n += 1) {
    cluster.send(1, `${n}`);
    cluster.run(1);
  }
  const timestamp = 2 ** 20;
  const all = { processor: one, start: 0, stop: counterMax };
  const request = forged(two, { type: 'retransmitRequest', ...all }, timestamp);
  cluster.isCut = (from) => from === one;
  cluster.transmit({ from: two, to: one, bytes: request });
  cluster.run(3);
  return cluster;
}

test.each([
  { what: 'nothing, where all is within the caps', settings: {}, sent: 40, capped: 0 },
  { what: 'one for the range', settings: { rangeMax: 8 }, sent: 8, capped: 1 },
  { what: 'each message beyond the rate', settings: { perSecond: 100 }, sent: 10, capped: 30 },
])('a request for 2^52 messages counts $what', ({ settings, sent, capped }) => {
  const cluster = askedForAll(settings);
  const { retransmissions, cappedRequests } = cluster.at(1).counters(group) ?? {};
  expect({ retransmissions, cappedRequests }).toEqual({
    retransmissions: sent,
    cappedRequests: capped,
  });
});

test('what the caps left out comes with the next requests', () => {
  const cluster = askedForAll({ rangeMax: 8, perSecond: 100 });
  cluster.isCut = () => false;
  cluster.run(2_000);
  expect(cluster.texts(2)).toEqual(Array.from({ length: 40 }, (_, n) => `${n}`));
});
