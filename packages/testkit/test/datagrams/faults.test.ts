import { expect, test } from 'vitest';
import {
  type DatagramFaultName,
  DatagramNetwork,
  datagramFaultNames,
  datagramFaults,
} from '../../src/datagrams/index.ts';
import { drawWeights, type Fault, FaultPlan, Random, Scheduler, Trace } from '../../src/index.ts';

const hosts = ['a', 'b', 'c', 'd', 'e'];
const everyFault = Object.fromEntries(datagramFaultNames.map((name) => [name, 1])) as Record<
  DatagramFaultName,
  number
>;

/** Hosts that send a datagram of some type to all, every 10 ms. */
function world(seed: number | string) {
  const scheduler = new Scheduler();
  const random = new Random(seed);
  const network = new DatagramNetwork({ scheduler, random: random.fork('network') });
  const heard: { from: string; to: string; type: number; at: number }[] = [];
  for (const host of hosts) {
    network.attach(host, (bytes, from) => {
      heard.push({ from, to: host, type: bytes[7] ?? -1, at: scheduler.now });
    });
  }
  const talk = (untilMs: number): void => {
    for (let at = scheduler.now + 10; at <= untilMs; at += 10) {
      const bytes = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, (at / 10) % 3);
      scheduler.at(at, () => {
        for (const host of hosts) network.send(host, 'all', bytes);
      });
    }
    scheduler.run(untilMs);
  };
  return { scheduler, random, network, heard, talk };
}

function strike(name: DatagramFaultName, seed: number) {
  const it = world(`${name} ${seed}`);
  const faults = datagramFaults(it.network, { weights: everyFault, lastMs: [500, 500] });
  it.talk(100);
  const struck = (faults.find((fault) => fault.name === name) as Fault).strike(it.random);
  if (struck === null) throw new Error(`${name} found nothing to strike`);
  it.scheduler.run(110);
  it.heard.length = 0;
  it.talk(310);
  return { ...it, struck };
}

/** Directions that brought nothing during the fault. */
function silent(name: DatagramFaultName, seed: number): string[] {
  const { heard } = strike(name, seed);
  const brought = new Set(heard.map(({ from, to }) => `${from}>${to}`));
  return hosts.flatMap((from) =>
    hosts.filter((to) => to !== from && !brought.has(`${from}>${to}`)).map((to) => `${from}>${to}`),
  );
}

const seeds = Array.from({ length: 20 }, (_, seed) => seed);
const isBothWays = (ways: string[]): boolean =>
  ways.every((way) => ways.includes([...way].reverse().join('')));

test.each(seeds)('cuts silence the ways they say, and no others (seed %i)', (seed) => {
  expect(silent('one-way-link', seed)).toHaveLength(1);
  const link = silent('cut-link', seed);
  expect(link).toHaveLength(2);
  expect(isBothWays(link)).toBe(true);
  expect(silent('isolate', seed)).toHaveLength(8);
  const parted = silent('partition', seed);
  expect([8, 12]).toContain(parted.length);
  expect(isBothWays(parted)).toBe(true);
  const oneWay = silent('one-way-partition', seed);
  expect([4, 6]).toContain(oneWay.length);
  expect(isBothWays(oneWay)).toBe(false);
  const bridged = silent('bridge-partition', seed);
  expect([6, 8]).toContain(bridged.length);
  expect(hosts.filter((host) => !bridged.some((way) => way.includes(host)))).toHaveLength(1);
});

test('drop-type loses one type everywhere', () => {
  const { heard, struck } = strike('drop-type', 1);
  const types = new Set(heard.map(({ type }) => type));
  expect(types.size).toBe(2);
  expect(types.has(Number(struck.hit.replace('type ', '')))).toBe(false);
});

test('drop-fragments loses what is longer than a packet, for one host or for all', () => {
  const scheduler = new Scheduler();
  const network = new DatagramNetwork({ scheduler, random: new Random('fragments') });
  const sizes = new Map(hosts.map((host) => [host, new Set<number>()]));
  for (const host of hosts) network.attach(host, ({ length }) => sizes.get(host)?.add(length));
  const faults = datagramFaults(network, { weights: everyFault, lastMs: [10, 10] });
  const fault = faults.find(({ name }) => name === 'drop-fragments');
  const hits = seeds.map((seed) => {
    for (const heard of sizes.values()) heard.clear();
    const struck = fault?.strike(new Random(`fragments ${seed}`));
    const [sender = ''] = hosts;
    for (const length of [1_400, 3_000]) network.send(sender, 'all', new Uint8Array(length));
    scheduler.run(scheduler.now + 5);
    const narrow = hosts.filter((host) => host !== sender && !sizes.get(host)?.has(3_000));
    for (const host of hosts) if (host !== sender) expect(sizes.get(host)?.has(1_400)).toBe(true);
    struck?.heal?.act();
    if (struck?.hit === 'all') expect(narrow).toHaveLength(hosts.length - 1);
    else expect(narrow).toEqual(struck?.hit === sender ? [] : [struck?.hit]);
    return struck?.hit;
  });
  expect(new Set(hits).size).toBeGreaterThan(2);
});

test('storms and bursts do to many datagrams what they say', () => {
  const sent = 20 * 20;
  expect(strike('loss-burst', 1).heard.length).toBeLessThan(0.9 * sent);
  expect(strike('duplicate-storm', 1).heard.length).toBeGreaterThan(1.2 * sent);
  const isPlain = ({ type }: { type: number }): boolean => type < 3;
  expect(strike('corrupt-burst', 1).heard.every(isPlain)).toBe(false);
  const overtaken = strike('reorder-storm', 1).heard.filter(({ at }) => at % 10 > 5);
  expect(overtaken.length).toBeGreaterThan(0.05 * sent);
  const late = strike('delay-spike', 1);
  const own = late.heard.filter(({ from }) => from === late.struck.hit);
  expect(own.length).toBeLessThan(0.8 * 80);
  expect(late.heard.length - own.length).toBeGreaterThan(300);
});

test('a fault on a network without traffic did not bite, one in traffic did', () => {
  const idle = world('idle');
  const faults = datagramFaults(idle.network, { weights: everyFault, lastMs: [10, 10] });
  for (const fault of faults) expect(fault.strike(idle.random)?.bit ?? false).toBe(false);
  for (const name of datagramFaultNames) expect(strike(name, 3).struck.bit, name).toBe(true);
});

test('F2 after the stop of a plan the network is as it was, whatever overlapped', () => {
  for (const seed of seeds) {
    const { scheduler, random, network, heard, talk } = world(seed);
    const healed: number[] = [];
    const faults = datagramFaults(network, {
      weights: drawWeights(random.fork('weights'), datagramFaultNames),
      lastMs: [10, 2_000],
      healed: (_name, hits) => healed.push(hits),
    });
    const trace = new Trace();
    const plan = new FaultPlan({ scheduler, random, trace, faults, everyMs: 40 });
    plan.start();
    talk(1_000);
    plan.stop();
    scheduler.run(3_000);
    heard.length = 0;
    talk(3_100);
    scheduler.run(3_200);
    expect(heard, `seed ${seed}`).toHaveLength(10 * 20);
    expect(
      heard.every(({ type }) => type < 3),
      `seed ${seed}`,
    ).toBe(true);
    expect(plan.bitten, `seed ${seed}`).toBeGreaterThan(5);
    expect(healed.every((hits) => hits >= 0)).toBe(true);
  }
});

test('F1 the same seed, the same arrivals', () => {
  const run = (seed: number) => {
    const { scheduler, random, network, heard, talk } = world(seed);
    const faults = datagramFaults(network, { weights: everyFault, lastMs: [10, 500] });
    new FaultPlan({ scheduler, random, trace: new Trace(), faults, everyMs: 40 }).start();
    talk(1_000);
    return heard;
  };
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});
