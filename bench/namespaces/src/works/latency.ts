/** How long a message takes from its sender to every application, when there is little to do. */
import { median } from '@choir/bench-groups/row';
import type { SharedWork } from '../work.ts';

const load = { senders: 1, payloadBytes: 64, ratePerSecond: 200, warmUpSeconds: 5 } as const;

export const latency: SharedWork = {
  name: 'latency',
  summary: `${load.payloadBytes} bytes, ${load.ratePerSecond} a second from 1 of 3 nodes`,
  metrics: [
    { name: 'p50', unit: 'ms', better: 'less', ratioTarget: 1 },
    { name: 'p99', unit: 'ms', better: 'less', ratioTarget: 0.5 },
  ],
  async measure({ system, seconds }) {
    const reports = await system.run({ ...load, seconds });
    return new Map([
      ['p50', median(reports.map(({ p50Ms }) => p50Ms))],
      ['p99', Math.max(...reports.map(({ p99Ms }) => p99Ms))],
    ]);
  },
};
