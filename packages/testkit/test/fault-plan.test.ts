import { expect, test } from 'vitest';
import {
  drawWeights,
  FaultPlan,
  Network,
  networkFaultNames,
  networkFaults,
  Random,
  Scheduler,
  Trace,
} from '../src/index.ts';

const quiet = {
  opened: () => undefined,
  received: () => undefined,
  drained: () => undefined,
  closed: () => undefined,
};

function run(seed: number): { trace: Trace; network: Network<number>; bitten: number } {
  const scheduler = new Scheduler();
  const random = new Random(seed);
  const trace = new Trace('all');
  const network = new Network<number>({ scheduler, random: random.fork('network') });
  network.listen('server', () => quiet);
  const faults = networkFaults(network, {
    weights: drawWeights(random.fork('weights'), networkFaultNames),
    lastMs: [10, 5_000],
    learnMsMax: 1_000,
  });
  const plan = new FaultPlan({
    scheduler,
    random: random.fork('plan'),
    trace,
    faults,
    everyMs: 50,
  });
  plan.start();
  for (let tick = 0; tick < 500; tick += 1) {
    scheduler.at(tick * 10, () => {
      const end = network.connect(`client-${tick % 5}`, 'server', quiet);
      scheduler.after(20, () => end.send(tick, 1_000));
      scheduler.after(200, () => end.close());
    });
  }
  scheduler.run(5_000);
  plan.stop();
  scheduler.run(60_000);
  return { trace, network, bitten: plan.bitten };
}

test('F1 a plan follows from its seed', () => {
  expect(run(11).trace.hash).toBe(run(11).trace.hash);
  expect(run(11).trace.hash).not.toBe(run(12).trace.hash);
});

test('F2 after the stop everything is healed and nothing strikes any more', () => {
  for (let seed = 0; seed < 30; seed += 1) {
    const { trace, network } = run(seed);
    const late = trace.events().filter((event) => event.t > 5_000);
    expect(late, `seed ${seed}`).toEqual([]);
    for (let client = 0; client < 5; client += 1) {
      expect(network.reaches('server', `client-${client}`), `seed ${seed}`).toBe(true);
      expect(network.reaches(`client-${client}`, 'server'), `seed ${seed}`).toBe(true);
    }
  }
});

test('strikes on connections at work are counted as bitten', () => {
  const bitten = Array.from({ length: 20 }, (_, seed) => run(seed).bitten);
  expect(Math.max(...bitten)).toBeGreaterThan(10);
});
