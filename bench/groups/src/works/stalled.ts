/** One of twenty members stops reading under full load: what it costs in memory, and the others. */
import { loadFlood } from '../load/loader.ts';
import type { Flood, Measured, PeerName } from '../load/task.ts';
import { atMost, type Work, withServer } from '../work.ts';

/** The recent past, which is kept in memory up to a bound, grows in both: hence the comparison. */
const secondsFactor = 2;

export const stalled: Work = {
  name: 'stalled-reader',
  summary: '20 members, full load of 4,000-byte messages; half-way one of them stops reading',
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
    const without = await halves(peer, 0, seconds * secondsFactor);
    const withIt = await halves(peer, 1, seconds * secondsFactor);
    return new Map([
      ['memory that it costs', growth(withIt) - growth(without)],
      ['p99 of the others, with / without it', withIt.after.p99Ms / without.after.p99Ms],
      ['p99 of the others', withIt.after.p99Ms],
      ['deliveries to the others', withIt.after.perSecond],
    ]);
  },
};

type Halves = { readonly before: Measured; readonly after: Measured };

async function halves(peer: PeerName, stalledMembers: number, seconds: number): Promise<Halves> {
  const phase = { kind: 'window', window: 64 } as const;
  const task: Flood = {
    kind: 'flood',
    rooms: 1,
    membersPerRoom: 20,
    payloadBytes: 4_000,
    stalled: stalledMembers,
    seconds,
    phases: [phase, phase],
  };
  const [before, after] = await withServer(peer, (server) => loadFlood(server, task));
  if (before === undefined || after === undefined) throw new Error('nothing was measured');
  return { before, after };
}

function growth({ before, after }: Halves): number {
  return after.rssAfterMb - before.rssAfterMb;
}
