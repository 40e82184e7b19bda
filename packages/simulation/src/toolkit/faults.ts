/** Faults of processors and of members, for the fault plan. */
import type { Fault, Random, Strike } from '@choir/testkit';
import { type ProcessorFaultName, processorFaultNames } from '../processors/fault-names.ts';
import { type MemberFaultName, memberFaultNames } from './fault-names.ts';
import type { Member } from './member.ts';
import type { World } from './world.ts';

/** About what a piece has of a long message, and the longest one that is sent by who goes. */
const pieceBytes = 1_000;
const goneBytesMax = 200_000;

/** A process that runs, under its number. */
type Process = readonly [number: number, member: Member];

export function processFaults(world: World): Fault[] {
  const { processorWeights, memberWeights } = world.plan;
  return [
    ...processorFaultNames.map((name) => ({
      name,
      weight: processorWeights[name],
      strike: (random: Random) => strikeOne(world, random, processorStrikes[name]),
    })),
    ...memberFaultNames.map((name) => ({
      name,
      weight: memberWeights[name],
      strike: (random: Random) => strikeOne(world, random, memberStrikes[name]),
    })),
  ];
}

type Hit = {
  readonly world: World;
  readonly number: number;
  readonly member: Member;
  readonly running: readonly Process[];
  readonly random: Random;
};

function strikeOne(world: World, random: Random, strike: (hit: Hit) => Strike): Strike | null {
  const running = world.processes.filter(([, { isRunning, host }]) => isRunning && !host.isPaused);
  if (running.length < 2) return null;
  const [number, member] = random.pick(running);
  return strike({ world, number, member, running, random });
}

const processorStrikes: Readonly<Record<ProcessorFaultName, (hit: Hit) => Strike>> = {
  kill,
  'kill-in-recovery': killTwo,
  pause: ({ world, member, random }) => {
    const afterMs = world.plan.settings.suspicionMinMs * random.pick(world.plan.pausesOf);
    member.setPaused(true);
    return { hit: hitOf(member), bit: true, heal: { afterMs, act: () => member.setPaused(false) } };
  },
  leave,
  'same-number': ({ world, number, member, random }) => {
    const twin = world.twin(number, member.label);
    const afterMs = random.between(300, 3_000);
    return { hit: hitOf(member), bit: true, heal: { afterMs, act: () => twin.end('stopped') } };
  },
  'stalled-application': ({ member, random }) => {
    member.host.setTaking(false);
    const afterMs = random.between(100, 3_000);
    return {
      hit: hitOf(member),
      bit: true,
      heal: { afterMs, act: () => member.host.setTaking(true) },
    };
  },
};

const memberStrikes: Readonly<Record<MemberFaultName, (hit: Hit) => Strike>> = {
  'snapshot-throws': ({ world, member, number, running, random }) => {
    const hit = random.chance(0.5) ? [member] : running.map(([, one]) => one);
    const set = (isThrowing: boolean): void => {
      for (const { replicas } of hit) replicas.journal.faults.isSnapshotThrowing = isThrowing;
    };
    set(true);
    // Somebody joins, so that a snapshot is wanted.
    if (random.chance(0.7)) killAnother(world, number, running, random);
    const afterMs = random.between(500, 6_000);
    return { hit: hit.map(hitOf).join(' '), bit: true, heal: { afterMs, act: () => set(false) } };
  },
  'restore-throws': ({ world, member, number, running, random }) => {
    world.failNextRestore();
    killAnother(world, number, running, random);
    return { hit: hitOf(member), bit: true };
  },
  'no-pieces': ({ world, member, number, running, random }) => {
    let isHealed = false;
    const begin = (): void => member.setFlowing(isHealed);
    // Half of the time when it has just been asked for the state.
    if (random.chance(0.5)) world.atNextSnapshot(member, begin);
    else begin();
    if (random.chance(0.7)) killAnother(world, number, running, random);
    // Longer, now and then, than a joiner waits.
    const afterMs = random.chance(0.3)
      ? random.between(10_000, 16_000)
      : random.between(200, 4_000);
    const act = (): void => {
      isHealed = true;
      member.setFlowing(true);
    };
    return { hit: hitOf(member), bit: true, heal: { afterMs, act } };
  },
  'same-label': ({ world, number, member, random }) => {
    const other = world.namesake(number, member.label);
    if (random.chance(0.6)) kill({ world, number, member, running: [], random });
    const afterMs = random.between(500, 6_000);
    return { hit: hitOf(member), bit: true, heal: { afterMs, act: () => other.end('stopped') } };
  },
  'lose-state': loseState,
  'cut-off-provider': ({ world, member, running, random }) => {
    const [first] = member.holders;
    const provider = running.find(([, { id }]) => id === first);
    const [number, { host }] = provider ?? [0, member];
    const lastMs = random.between(300, 3_000);
    const delayMs = random.between(0, 5);
    // Half of the time when it has said its marker, which nobody hears.
    if (random.chance(0.5)) world.atNextMarker(({ host: it }) => world.isolate(it, lastMs));
    else world.atNextAdded(() => world.scheduler.after(delayMs, () => world.isolate(host, lastMs)));
    killAnother(world, number, running, random);
    return { hit: host.name, bit: true };
  },
};

/** One is gone at a time, so that the rest are a quorum; the last one leaves nobody who was ever given the state. */
function loseState({ world, running, random }: Hit): Strike {
  let isHealed = false;
  let atMs = 0;
  for (const [number, member] of random.shuffle([...running])) {
    member.setFlowing(false);
    world.scheduler.after(atMs, () => {
      if (isHealed || !member.isRunning) return;
      member.end('crashed');
      world.startLater(number, random.between(50, 200));
    });
    atMs += random.between(700, 1_400);
  }
  const act = (): void => {
    isHealed = true;
    for (const [, member] of running) member.setFlowing(true);
  };
  return {
    hit: running.map(([, member]) => hitOf(member)).join(' '),
    bit: true,
    heal: { afterMs: atMs, act },
  };
}

function kill({ world, number, member, random }: Hit): Strike {
  // A third comes back before the others have missed it: its label is in use still.
  const afterMs = random.chance(0.3) ? random.between(0, 5) : random.between(5, 5_000);
  const die = (): void => {
    member.end('crashed');
    world.startLater(number, afterMs);
  };
  const dice = random.unit();
  if (dice < 0.2) goWithin(world, member, random, die);
  else if (dice < 0.4) world.atNextSnapshot(member, die);
  else die();
  return { hit: hitOf(member), bit: true };
}

function killAnother(
  world: World,
  number: number,
  running: readonly Process[],
  random: Random,
): void {
  const others = running.filter(([other]) => other !== number);
  if (others.length === 0) return;
  const [other, member] = random.pick(others);
  member.end('crashed');
  world.startLater(other, random.between(0, 1_000));
}

/** One leaves; half of the time two, the second when the next one is added, which may be the first that comes back. */
function leave({ world, member, running, random }: Hit): Strike {
  member.leave();
  const others = running.map(([, other]) => other).filter((other) => other !== member);
  if (random.chance(0.5)) {
    const other = random.pick(others);
    goWithin(world, other, random, () => other.leave());
  }
  return { hit: hitOf(member), bit: true };
}

/** Goes when it has just begun a long message, and a processor is added, so that this is void. */
function goWithin(world: World, member: Member, random: Random, go: () => void): void {
  const { windowMessages, windowBytes } = world.plan.settings;
  // The rest is on the way before the sender knows of that, and not all of the message before that in the order.
  const bytes = random.between(1, 2.5) * Math.min(windowMessages * pieceBytes, windowBytes);
  const afterMs = random.chance(0.5) ? 0 : random.between(0, 20);
  world.atNextAdded(() => {
    world.applicationOf(member)?.multicast(Math.min(Math.round(bytes), goneBytesMax));
    world.scheduler.after(afterMs, go);
  });
}

/** One is killed; another as soon as the others agree on going on without it, or a little before or after. */
function killTwo({ world, running, random }: Hit): Strike {
  const [first, second] = random.shuffle([...running]);
  for (const [one, delayMs] of [
    [first, 0],
    [second, world.plan.settings.suspicionMinMs + random.between(-20, 60)],
  ] as const) {
    if (one === undefined) continue;
    const [number, member] = one;
    world.scheduler.after(delayMs, () => {
      if (!member.isRunning) return;
      member.end('crashed');
      world.startLater(number, random.between(500, 5_000));
    });
  }
  return { hit: `${first?.[1].host.name} ${second?.[1].host.name}`, bit: true };
}

function hitOf({ host }: Member): string {
  return host.name;
}
