/** How faults strike processes, whatever these do with their processors. */
import type { Fault, Random, Strike } from '@choir/testkit';
import type { ProcessorFaultName } from './fault-names.ts';
import type { Ground } from './ground.ts';
import type { Operated, Operator } from './operator.ts';
import type { Plan } from './plan.ts';
import { recoveryStrikes } from './recovery-strikes.ts';

/** A process that faults strike. */
export type Target = Operated & {
  /** Where it is reached. */
  readonly name: string;
  readonly isPaused: boolean;
  setPaused(isPaused: boolean): void;
  setTaking(isTaking: boolean): void;
  leave(): void;
  kill(): void;
};

/** The world of these processes. */
export type Struck<One extends Target> = {
  readonly plan: Plan;
  readonly ground: Ground;
  readonly operator: Operator<One>;
  /** Whether processes may go in the midst of a message. */
  readonly isDisorderly: boolean;
  /** A second process under the number of this one. */
  twin(number: number, one: One): { stop(): void };
  /** Draws what kind of message this is to be; has the process hand it over when the act that is returned is done. */
  message(one: One, bytes: number, random: Random): () => void;
};

/** What a fault has chosen. */
export type Hit<One extends Target, World extends Struck<One> = Struck<One>> = {
  readonly world: World;
  readonly number: number;
  readonly one: One;
  /** All that could have been chosen, under their numbers. */
  readonly running: readonly (readonly [number: number, one: One])[];
  readonly random: Random;
};

/** How each of some faults strikes. */
export type Strikes<Name extends string, One extends Target, World extends Struck<One>> = {
  readonly [Each in Name]: (hit: Hit<One, World>) => Strike;
};

/** About what a piece has of a long message, and the longest one that is sent by who goes. */
const pieceBytes = 1_000;
const goneBytesMax = 200_000;

/** Faults for a plan; each chooses among the processes that run. */
export function faultsOf<Name extends string, One extends Target, World extends Struck<One>>(
  world: World,
  weights: Readonly<Record<Name, number>>,
  {
    names,
    strikes,
  }: { readonly names: readonly Name[]; readonly strikes: Strikes<Name, One, World> },
): Fault[] {
  const strike = (random: Random, name: Name): Strike | null => {
    const running = world.operator.processes.filter(([, one]) => one.isRunning && !one.isPaused);
    if (running.length < 2) return null;
    const [number, one] = random.pick(running);
    return strikes[name]({ world, number, one, running, random });
  };
  return names.map((name) => ({
    name,
    weight: weights[name],
    strike: (random) => strike(random, name),
  }));
}

/** @param when does this, at once or later: it dies */
export function kill<One extends Target>(
  { world, number, one, random }: Hit<One>,
  when: (die: () => void) => void,
): Strike {
  // A third comes back before the others have missed it: its label is in use still.
  const afterMs = random.chance(0.3) ? random.between(0, 5) : random.between(5, 5_000);
  when(() => {
    one.kill();
    world.operator.startLater(number, afterMs);
  });
  return { hit: one.name, bit: true };
}

function pause<One extends Target>({ world, one, random }: Hit<One>): Strike {
  const afterMs = world.plan.settings.suspicionMinMs * random.pick(world.plan.pausesOf);
  one.setPaused(true);
  return { hit: one.name, bit: true, heal: { afterMs, act: () => one.setPaused(false) } };
}

/** One leaves; half of the time two, the second when the next one is added, which may be the first that comes back. */
function leave<One extends Target>(hit: Hit<One>): Strike {
  const { world, one, running, random } = hit;
  one.leave();
  const others = running.map(([, other]) => other).filter((other) => other !== one);
  if (random.chance(0.5) && world.isDisorderly) {
    const other = random.pick(others);
    goWithin({ ...hit, one: other }, () => other.leave());
  }
  return { hit: one.name, bit: true };
}

function doubleNumber<One extends Target>({ world, number, one, random }: Hit<One>): Strike {
  const twin = world.twin(number, one);
  const afterMs = random.between(300, 3_000);
  return { hit: one.name, bit: true, heal: { afterMs, act: () => twin.stop() } };
}

function stall<One extends Target>({ one, random }: Hit<One>): Strike {
  one.setTaking(false);
  const afterMs = random.between(100, 3_000);
  return { hit: one.name, bit: true, heal: { afterMs, act: () => one.setTaking(true) } };
}

/** Goes when it has just begun a long message, and a processor is added, so that this is void. */
export function goWithin<One extends Target>(
  { world, one, random }: Hit<One>,
  go: () => void,
): void {
  const { windowMessages, windowBytes } = world.plan.settings;
  const { scheduler } = world.ground;
  // The rest is on the way before the sender knows of that, and not all of the message before that in the order.
  const bytes = random.between(1, 2.5) * Math.min(windowMessages * pieceBytes, windowBytes);
  const say = world.message(one, Math.min(Math.round(bytes), goneBytesMax), random);
  const afterMs = random.chance(0.5) ? 0 : random.between(0, 20);
  world.operator.atNextAdded(() => {
    say();
    scheduler.after(afterMs, go);
  });
}

/** Those that strike everywhere alike. */
export const strikes = {
  ...recoveryStrikes,
  pause,
  leave,
  'same-number': doubleNumber,
  'stalled-application': stall,
} as const satisfies Partial<Record<ProcessorFaultName, unknown>>;
