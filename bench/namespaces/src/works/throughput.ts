/** How many messages a second all nodes get in one order, when the senders send as many as are taken. */
import type { Report } from '../load.ts';
import type { SharedWork } from '../work.ts';

/** Ratios to corosync in the same run. */
const targets = [
  { payloadBytes: 64, senders: 1, ratioTarget: 6 },
  { payloadBytes: 64, senders: 3, ratioTarget: 4 },
  { payloadBytes: 1_024, senders: 1, ratioTarget: 2 },
  { payloadBytes: 1_024, senders: 3, ratioTarget: 1.5 },
  { payloadBytes: 10_240, senders: 1, ratioTarget: 1.5 },
  { payloadBytes: 10_240, senders: 3, ratioTarget: 1.2 },
] as const;

export const throughputs: readonly SharedWork[] = targets.map(
  ({ payloadBytes, senders, ratioTarget }) => ({
    name: `throughput-${payloadBytes}-${senders}`,
    summary: `${payloadBytes.toLocaleString('en')} bytes, ${senders} of 3 nodes send all they can`,
    metrics: [
      { name: 'throughput', unit: '1/s', better: 'more', ratioTarget },
      { name: 'p50', unit: 'ms', better: 'less' },
      { name: "application's threads", unit: 'µs', better: 'less' },
    ],
    async measure({ system, seconds }) {
      const reports = await system.run({
        senders,
        payloadBytes,
        seconds,
        ratePerSecond: 0,
        warmUpSeconds: 0,
      });
      const slowest = Math.min(...reports.map(({ perSecond }) => perSecond));
      return new Map([
        ['throughput', slowest],
        ['p50', Math.max(...reports.map(({ p50Ms }) => p50Ms))],
        ...threadTimes(reports),
      ]);
    },
  }),
);

/** Of all nodes together, for a message. */
function threadTimes(reports: readonly Report[]): readonly (readonly [string, number])[] {
  const sent = reports.reduce((sum, report) => sum + report.sent, 0);
  const spentMs = reports.map(({ threadMs }) => threadMs).filter((ms) => ms !== null);
  if (spentMs.length < reports.length) return [];
  return [["application's threads", (spentMs.reduce((sum, ms) => sum + ms, 0) * 1_000) / sent]];
}
