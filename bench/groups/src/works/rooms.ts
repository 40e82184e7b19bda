/** Many small rooms in which everybody publishes. */
import { loadFlood } from '../load/loader.ts';
import { atLeast, atMost, type Work, withServer } from '../work.ts';

export const rooms: Work = {
  name: 'rooms',
  summary: '200 rooms of 5, all publish, one message of each on its way, 100 bytes',
  metrics: [
    { name: 'deliveries', unit: '1/s', better: 'more', target: atLeast(150_000) },
    { name: 'server cpu', unit: 'µs each', better: 'less', target: atMost(4) },
    { name: 'p50', unit: 'ms', better: 'less' },
    { name: 'p99', unit: 'ms', better: 'less' },
  ],
  peers: ['socket.io', 'ws', 'nats'],
  measure: (peer, seconds) =>
    withServer(peer, async (server) => {
      const [measured] = await loadFlood(server, {
        kind: 'flood',
        rooms: 200,
        membersPerRoom: 5,
        payloadBytes: 100,
        stalled: 0,
        seconds,
        phases: [{ kind: 'own echo' }],
      });
      if (measured === undefined) return new Map();
      return new Map([
        ['deliveries', measured.perSecond],
        ['server cpu', measured.cpuMicrosecondsEach],
        ['p50', measured.p50Ms],
        ['p99', measured.p99Ms],
      ]);
    }),
};
