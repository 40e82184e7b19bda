/** More members that send all they can than the machine has processors for. */
import { groupId } from '@choir/ftmp';
import { expect, onTestFinished, test } from 'vitest';
import { ProcessorHost } from '../src/index.ts';

const group = groupId(7);
const members = 10;
const each = 1_500;

/** Each fills its queue, again and again, until it has handed over so many. */
async function send(host: ProcessorHost): Promise<void> {
  const bytes = new Uint8Array(1_000);
  for (let sent = 0; sent < each; sent += 1) await host.send(group, bytes);
}

test('all that ten members send at once comes to all of them, and little of it is sent again', {
  timeout: 60_000,
}, async () => {
  const hosts: ProcessorHost[] = [];
  const counts: number[] = [];
  const done: Promise<void>[] = [];
  const seeds: string[] = [];
  for (let number = 0; number < members; number += 1) {
    const network = { kind: 'unicast', host: '127.0.0.1', seeds: [...seeds] } as const;
    const host = await ProcessorHost.open({ network, insecure: true });
    onTestFinished(() => host.close());
    const all = Promise.withResolvers<void>();
    counts.push(0);
    await host.join(group, {
      init: number === 0,
      listener: ({ kind }) => {
        if (kind !== 'message') return;
        const count = (counts[number] ?? 0) + 1;
        counts[number] = count;
        if (count === members * each) all.resolve();
      },
    });
    seeds.push(host.address);
    hosts.push(host);
    done.push(all.promise);
  }
  await Promise.all(hosts.map(send));
  await Promise.all(done);
  const statistics = await Promise.all(hosts.map((host) => host.statistics()));
  const again = statistics.map(({ groups }) => groups[0]?.retransmissions ?? 0);
  expect(Math.max(...again)).toBeLessThan(each);
});
