/** Faults of processors, for the fault plan. */
import type { Fault, Random, Strike } from '@choir/testkit';
import { type ProcessorFaultName, processorFaultNames } from './fault-names.ts';
import type { Incarnation } from './incarnation.ts';
import type { World } from './world.ts';

export function processorFaults(
  world: World,
  weights: Readonly<Record<ProcessorFaultName, number>>,
): Fault[] {
  return processorFaultNames.map((name) => ({
    name,
    weight: weights[name],
    strike: (random) => strike(world, name, random),
  }));
}

function strike(world: World, name: ProcessorFaultName, random: Random): Strike | null {
  const running = [...world.incarnations].filter(([, one]) => one.isRunning && !one.isPaused);
  if (running.length < 2) return null;
  const [number, one] = random.pick(running);
  const hit = one.host;
  switch (name) {
    case 'kill':
      one.kill();
      // A third comes back before the others have missed it.
      world.startLater(
        number,
        random.chance(0.3) ? random.between(0, 5) : random.between(5, 5_000),
      );
      return { hit, bit: true };
    case 'kill-in-recovery':
      return killTwo(world, running, random);
    case 'pause': {
      const { suspicionMinMs } = world.plan.settings;
      const afterMs = suspicionMinMs * random.pick(world.plan.pausesOf);
      one.pause();
      return { hit, bit: true, heal: { afterMs, act: () => one.resume() } };
    }
    case 'same-number': {
      const other = world.twin(number);
      const afterMs = random.between(300, 3_000);
      return { hit, bit: true, heal: { afterMs, act: () => other.stop() } };
    }
    case 'leave':
      one.leave(world.group);
      return { hit, bit: true };
    case 'stalled-application': {
      one.setTaking(false);
      const afterMs = random.between(100, 3_000);
      return { hit, bit: true, heal: { afterMs, act: () => one.setTaking(true) } };
    }
  }
}

/** One is killed; another as soon as the others agree on going on without it, or a little before or after. */
function killTwo(
  world: World,
  running: readonly (readonly [number, Incarnation])[],
  random: Random,
): Strike {
  const [first, second] = random.shuffle([...running]);
  for (const [one, delayMs] of [
    [first, 0],
    [second, world.plan.settings.suspicionMinMs + random.between(-20, 60)],
  ] as const) {
    if (one === undefined) continue;
    const [number, incarnation] = one;
    world.scheduler.after(delayMs, () => {
      if (!incarnation.isRunning) return;
      incarnation.kill();
      world.startLater(number, random.between(500, 5_000));
    });
  }
  return { hit: `${first?.[1].host} ${second?.[1].host}`, bit: true };
}
