import { defaultSettings, groupId } from '@choir/ftmp';
import { Random, Scheduler } from '@choir/testkit';
import { DatagramNetwork } from '@choir/testkit/datagrams';
import { expect, test } from 'vitest';
import { Host } from '../src/processors/host.ts';

const group = groupId(1);

test('an application that has stood still gives back every delivery: the backlog empties', () => {
  const scheduler = new Scheduler();
  const random = new Random('backlog');
  const host = new Host(1, 'p1', {
    scheduler,
    network: new DatagramNetwork({ scheduler, random: random.fork('network'), latencyMs: 1 }),
    random,
    plan: { settings: { ...defaultSettings, backlogBytes: 4_000 }, nearWrap: null, fansOut: false },
    hosts: new Map(),
    watch: () => {},
  });
  let delivered = 0;
  host.onEffect = ({ kind }) => {
    if (kind === 'deliver') delivered += 1;
  };
  host.join(group, true);
  scheduler.run(500);
  for (let round = 1; round <= 20; round += 1) {
    host.setTaking(false);
    for (let i = 0; i < 20; i += 1) host.submit(group, new Uint8Array(10), { safe: false });
    scheduler.run(scheduler.now + 200);
    host.setTaking(true);
    expect(delivered, `after round ${round}`).toBe(20 * round);
  }
});
