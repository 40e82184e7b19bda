/** Publishers that wait for each acknowledgement: ours means that the message is on disk. */
import { loadFlood } from '../load/loader.ts';
import { atLeast, atMost, type Work, withServer } from '../work.ts';

export const publishers: Work = {
  name: 'publishers',
  summary: '64 publishers, 200 bytes, each waits for the acknowledgement before the next',
  metrics: [
    { name: 'acknowledged', unit: '1/s', better: 'more', target: atLeast(35_000) },
    { name: 'server cpu', unit: 'µs each', better: 'less' },
    { name: 'p50', unit: 'ms', better: 'less', target: atMost(2) },
    { name: 'p99', unit: 'ms', better: 'less' },
  ],
  peers: ['socket.io', 'ws', 'nats'],
  measure: (peer, seconds) =>
    withServer(peer, async (server) => {
      const task = { kind: 'acks', publishers: 64, payloadBytes: 200, seconds } as const;
      const [measured] = await loadFlood(server, task);
      if (measured === undefined) return new Map();
      return new Map([
        ['acknowledged', measured.perSecond],
        ['server cpu', measured.cpuMicrosecondsEach],
        ['p50', measured.p50Ms],
        ['p99', measured.p99Ms],
      ]);
    }),
};
