/** One of twenty members stops reading under full load: what it costs in memory, and the others. */
import { loadFlood } from '../load/loader.ts';
import type { Flood, Measured, PeerName } from '../load/task.ts';
import { atMost, type Work, withServer } from '../work.ts';

/** Long enough that what is kept of the recent past has reached its bounds. */
const secondsFactor = 2;

export const stalled: Work = {
  name: 'stalled-reader',
  summary: '20 members, full load of 1,000-byte messages, with and without one that stops reading',
  metrics: [
    { name: 'memory that it costs', unit: 'MB', better: 'less', target: atMost(10) },
    {
      name: 'p99 of the others, with / without it',
      unit: '×',
      better: 'less',
      target: atMost(1.1),
    },
    { name: 'p99 of the others', unit: 'ms', better: 'less' },
    { name: 'deliveries to the others', unit: '1/s', better: 'more' },
  ],
  peers: ['socket.io', 'ws'],
  measure: async (peer, seconds) => {
    const without = await flood(peer, 0, seconds * secondsFactor);
    const with1 = await flood(peer, 1, seconds * secondsFactor);
    return new Map([
      ['memory that it costs', with1.rssAfterMb - without.rssAfterMb],
      ['p99 of the others, with / without it', with1.p99Ms / without.p99Ms],
      ['p99 of the others', with1.p99Ms],
      ['deliveries to the others', with1.perSecond],
    ]);
  },
};

async function flood(peer: PeerName, stalledMembers: number, seconds: number): Promise<Measured> {
  const task: Flood = {
    kind: 'flood',
    rooms: 1,
    membersPerRoom: 20,
    payloadBytes: 1_000,
    stalled: stalledMembers,
    seconds,
    phases: [{ kind: 'window', window: 64 }],
  };
  const [measured] = await withServer(peer, (server) => loadFlood(server, task));
  if (measured === undefined) throw new Error('nothing was measured');
  return measured;
}
