/** Publishers that wait for the acknowledgement of each message before they send the next. */
import { createHistogram } from 'node:perf_hooks';
import { NatsClient } from '../wire/nats.ts';
import type { Listener, WireClient } from '../wire/wire.ts';
import { clientOf, each } from './crowd.ts';
import { nowUs } from './flood.ts';
import { payloadOf } from './payload.ts';
import { cpuMicroseconds, rssMb } from './process-usage.ts';
import type { Acks, Measured, Target } from './task.ts';
import { passed, warmUp } from './warm-up.ts';

export async function runAcks(
  target: Target,
  task: Acks,
  fail: (problem: string) => void,
): Promise<Measured> {
  const { peer, port, pid } = target;
  const sentAt: number[] = [];
  const numbers: number[] = [];
  let acked = 0;
  let latency = createHistogram();
  let finished = false;
  const send = (client: WireClient): void => {
    const { index } = client;
    const number = (numbers[index] ?? 0) + 1;
    numbers[index] = number;
    sentAt[index] = nowUs();
    // Choir: a group of its own without members. The peers know an answer to the sender alone.
    const room = peer === 'choir' ? `acks-${index}` : '';
    client.publish(room, payloadOf(task.payloadBytes, 0, index, number));
  };
  const listener: Listener = {
    message: () => fail('a message came where there are no members'),
    broken: (problem) => {
      if (!finished) fail(problem);
    },
    acknowledged: (client) => {
      acked += 1;
      latency.record(Math.max(1, Math.round(nowUs() - (sentAt[client.index] ?? 0))));
      send(client);
    },
  };
  const clients = Array.from({ length: task.publishers }, (_, index) =>
    clientOf(peer, { port, index, room: null, listener }),
  );
  await each(clients, (client) => client.open());
  const [first] = clients;
  if (first instanceof NatsClient) await first.makeStream();
  const rssBeforeMb = rssMb(pid);
  for (const client of clients) send(client);
  await warmUp(() => acked, true);
  latency = createHistogram();
  const before = acked;
  const cpu = cpuMicroseconds(pid);
  const began = performance.now();
  await passed(task.seconds * 1_000);
  const seconds = (performance.now() - began) / 1_000;
  const count = acked - before;
  const used = cpuMicroseconds(pid) - cpu;
  finished = true;
  return {
    perSecond: count / seconds,
    cpuMicrosecondsEach: used / count,
    p50Ms: latency.percentile(50) / 1_000,
    p99Ms: latency.percentile(99) / 1_000,
    rssBeforeMb,
    rssAfterMb: rssMb(pid),
  };
}
