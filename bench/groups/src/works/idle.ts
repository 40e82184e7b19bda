/** A server that does nothing, alone and with connections that do nothing. */

import { loadIdle } from '../load/loader.ts';
import { rssMb } from '../load/process-usage.ts';
import { passed } from '../load/warm-up.ts';
import { atMost, type Work, withServer } from '../work.ts';

const connections = 3_000;
const restMs = 3_000;

export const idle: Work = {
  name: 'idle',
  summary: `a server at rest, then with ${connections.toLocaleString('en')} connections at rest`,
  metrics: [
    { name: 'memory of the server', unit: 'MB', better: 'less', target: atMost(90) },
    { name: 'memory of a connection', unit: 'kB', better: 'less', target: atMost(10) },
  ],
  peers: ['socket.io', 'ws', 'nats'],
  measure: (peer) =>
    withServer(peer, async (server) => {
      await passed(restMs);
      const alone = rssMb(server.target.pid);
      const { bytesPerConnection } = await loadIdle(server, { kind: 'idle', connections });
      return new Map([
        ['memory of the server', alone],
        ['memory of a connection', bytesPerConnection / 1_000],
      ]);
    }),
};
