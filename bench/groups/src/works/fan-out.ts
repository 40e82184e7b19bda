/** One publisher, one room: at its maximum, at a fixed rate, at half the maximum. */
import { loadFlood } from '../load/loader.ts';
import type { Measured } from '../load/task.ts';
import { atLeast, atMost, type Metric, type Work, withServer } from '../work.ts';

const payloadBytes = 100;
const fixedDeliveriesPerSecond = 20_000;

export const fanOut = fanOutTo({
  name: 'fan-out-1000',
  members: 1_000,
  window: 16,
  rate: atLeast(500_000),
  cpu: atMost(1),
});

export const smallFanOut = fanOutTo({ name: 'fan-out-100', members: 100, window: 64 });

type Options = {
  readonly name: string;
  readonly members: number;
  readonly window: number;
  readonly rate?: ReturnType<typeof atLeast>;
  readonly cpu?: ReturnType<typeof atMost>;
};

function fanOutTo({ name, members, window, rate, cpu }: Options): Work {
  const metrics: readonly Metric[] = [
    { name: 'deliveries', unit: '1/s', better: 'more', ...(rate && { target: rate }) },
    { name: 'server cpu', unit: 'µs each', better: 'less', ...(cpu && { target: cpu }) },
    { name: 'p50 at the maximum', unit: 'ms', better: 'less', target: atMost(50) },
    { name: 'p50 at 20,000/s', unit: 'ms', better: 'less' },
    { name: 'p99 at 20,000/s', unit: 'ms', better: 'less', ratioTarget: 1 },
    { name: 'p50 at half the maximum', unit: 'ms', better: 'less' },
    { name: 'p99 at half the maximum', unit: 'ms', better: 'less' },
  ];
  return {
    name,
    summary: `1 publisher, ${members.toLocaleString('en')} members, ${payloadBytes} bytes`,
    metrics,
    peers: ['socket.io', 'ws', 'nats'],
    measure: (peer, seconds) =>
      withServer(peer, async (server) => {
        const [most, fixed, half] = await loadFlood(server, {
          kind: 'flood',
          rooms: 1,
          membersPerRoom: members,
          payloadBytes,
          stalled: 0,
          seconds,
          phases: [
            { kind: 'window', window },
            { kind: 'rate', deliveriesPerSecond: fixedDeliveriesPerSecond },
            { kind: 'share', share: 0.5 },
          ],
        });
        return new Map([
          ...atMaximum(most),
          ...at('20,000/s', fixed),
          ...at('half the maximum', half),
        ]);
      }),
  };
}

function atMaximum(most: Measured | undefined): readonly [string, number][] {
  if (most === undefined) return [];
  return [
    ['deliveries', most.perSecond],
    ['server cpu', most.cpuMicrosecondsEach],
    ['p50 at the maximum', most.p50Ms],
  ];
}

function at(what: string, measured: Measured | undefined): readonly [string, number][] {
  if (measured === undefined) return [];
  return [
    [`p50 at ${what}`, measured.p50Ms],
    [`p99 at ${what}`, measured.p99Ms],
  ];
}
