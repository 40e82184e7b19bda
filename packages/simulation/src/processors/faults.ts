/** Faults of processors, for the fault plan. */
import type { Fault, Random, Strike } from '@choir/testkit';
import { type ProcessorFaultName, processorFaultNames } from './fault-names.ts';
import type { Incarnation } from './incarnation.ts';
import type { World } from './world.ts';

/** About what a piece has of a long message, and the longest one that is sent by who goes. */
const pieceBytes = 1_000;
const goneBytesMax = 200_000;

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
  const hit = one.name;
  switch (name) {
    case 'kill':
      return kill(world, number, one, random);
    case 'kill-in-recovery':
      return killTwo(world, running, random);
    case 'pause': {
      const { suspicionMinMs } = world.plan.settings;
      const afterMs = suspicionMinMs * random.pick(world.plan.pausesOf);
      one.setPaused(true);
      return { hit, bit: true, heal: { afterMs, act: () => one.setPaused(false) } };
    }
    case 'same-number': {
      const other = world.twin(number);
      const afterMs = random.between(300, 3_000);
      return { hit, bit: true, heal: { afterMs, act: () => other.stop() } };
    }
    case 'leave':
      return leave(world, running, one, random);
    case 'stalled-application': {
      one.setTaking(false);
      const afterMs = random.between(100, 3_000);
      return { hit, bit: true, heal: { afterMs, act: () => one.setTaking(true) } };
    }
  }
}

function kill(world: World, number: number, one: Incarnation, random: Random): Strike {
  // A third comes back before the others have missed it.
  const afterMs = random.chance(0.3) ? random.between(0, 5) : random.between(5, 5_000);
  const die = (): void => {
    one.kill();
    world.startLater(number, afterMs);
  };
  if (random.chance(0.2) && isDisorderly(world)) goWithin(world, one, random, die);
  else die();
  return { hit: one.name, bit: true };
}

/** One leaves; half of the time two, the second when the next one is added, which may be the first that comes back. */
function leave(
  world: World,
  running: readonly (readonly [number, Incarnation])[],
  one: Incarnation,
  random: Random,
): Strike {
  one.leave(world.group);
  const others = running.map(([, other]) => other).filter((other) => other !== one);
  if (random.chance(0.5) && isDisorderly(world)) {
    const other = random.pick(others);
    goWithin(world, other, random, () => other.leave(world.group));
  }
  return { hit: one.name, bit: true };
}

/** Not where retransmissions are counted: who is added then has to be sent again what nobody has lost. */
function isDisorderly({ plan }: World): boolean {
  return !plan.isOrderly;
}

/** Goes when it has just begun a long message, and a processor is added, so that this is void. */
function goWithin(world: World, one: Incarnation, random: Random, go: () => void): void {
  const { windowMessages, windowBytes } = world.plan.settings;
  // The rest is on the way before the sender knows of that, and not all of the message before that in the order.
  const bytes = random.between(1, 2.5) * Math.min(windowMessages * pieceBytes, windowBytes);
  const isSafe = random.chance(0.2);
  const afterMs = random.chance(0.5) ? 0 : random.between(0, 20);
  world.atNextAdded(() => {
    one.send(world.group, Math.min(Math.round(bytes), goneBytesMax), isSafe);
    world.scheduler.after(afterMs, go);
  });
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
  return { hit: `${first?.[1].name} ${second?.[1].name}`, bit: true };
}
