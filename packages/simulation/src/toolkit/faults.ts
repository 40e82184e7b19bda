/** Faults of processors and of members, for the fault plan. */
import type { Fault, Strike } from '@choir/testkit';
import { processorFaultNames } from '../processors/fault-names.ts';
import {
  faultsOf,
  goWithin,
  type Hit as HitOf,
  kill as killWhen,
  type Strikes,
  strikes,
} from '../processors/strikes.ts';
import { type MemberFaultName, memberFaultNames } from './fault-names.ts';
import type { Member } from './member.ts';
import type { World } from './world.ts';

type Hit = HitOf<Member, World>;

export function processFaults(world: World): Fault[] {
  const { processorWeights, memberWeights } = world.plan;
  return [
    ...faultsOf(world, processorWeights, {
      names: processorFaultNames,
      strikes: { ...strikes, kill },
    }),
    ...faultsOf(world, memberWeights, { names: memberFaultNames, strikes: memberStrikes }),
  ];
}

const memberStrikes: Strikes<MemberFaultName, Member, World> = {
  'snapshot-throws': (hit) => {
    const { one, running, random } = hit;
    const hits = random.chance(0.5) ? [one] : running.map(([, member]) => member);
    const set = (isThrowing: boolean): void => {
      for (const { replicas } of hits) replicas.journal.faults.isSnapshotThrowing = isThrowing;
    };
    set(true);
    // Somebody joins, so that a snapshot is wanted.
    if (random.chance(0.7)) killAnother(hit);
    const afterMs = random.between(500, 6_000);
    return { hit: namesOf(hits), bit: true, heal: { afterMs, act: () => set(false) } };
  },
  'restore-throws': (hit) => {
    hit.world.failNextRestore();
    killAnother(hit);
    return { hit: hit.one.name, bit: true };
  },
  'no-pieces': (hit) => {
    const { world, one, random } = hit;
    let isHealed = false;
    const begin = (): void => one.setFlowing(isHealed);
    // Half of the time when it has just been asked for the state.
    if (random.chance(0.5)) world.atNextSnapshot(one, begin);
    else begin();
    if (random.chance(0.7)) killAnother(hit);
    // Longer, now and then, than a joiner waits.
    const afterMs = random.chance(0.3)
      ? random.between(10_000, 16_000)
      : random.between(200, 4_000);
    const act = (): void => {
      isHealed = true;
      one.setFlowing(true);
    };
    return { hit: one.name, bit: true, heal: { afterMs, act } };
  },
  'same-label': (hit) => {
    const { world, number, one, random } = hit;
    const other = world.namesake(number, one);
    if (random.chance(0.6)) kill(hit);
    const afterMs = random.between(500, 6_000);
    return { hit: one.name, bit: true, heal: { afterMs, act: () => other.stop() } };
  },
  'lose-state': loseState,
  'cut-off-provider': (hit) => {
    const { world, one, running, random } = hit;
    const { scheduler } = world.ground;
    const [first] = one.holders;
    const [number, provider] = running.find(([, { id }]) => id === first) ?? [0, one];
    const lastMs = random.between(300, 3_000);
    const delayMs = random.between(0, 5);
    const cutOff = (): void => world.isolate(provider, lastMs);
    // Half of the time when it has said its marker, which nobody hears.
    if (random.chance(0.5)) world.atNextMarker((member) => world.isolate(member, lastMs));
    else world.operator.atNextAdded(() => scheduler.after(delayMs, cutOff));
    killAnother({ ...hit, number });
    return { hit: provider.name, bit: true };
  },
};

/** One is gone at a time, so that the rest are a quorum; the last one leaves nobody who was ever given the state. */
function loseState({ world, running, random }: Hit): Strike {
  let isHealed = false;
  let atMs = 0;
  for (const [number, member] of random.shuffle([...running])) {
    member.setFlowing(false);
    world.ground.scheduler.after(atMs, () => {
      if (isHealed || !member.isRunning) return;
      member.kill();
      world.operator.startLater(number, random.between(50, 200));
    });
    atMs += random.between(700, 1_400);
  }
  const members = running.map(([, member]) => member);
  const act = (): void => {
    isHealed = true;
    for (const member of members) member.setFlowing(true);
  };
  return { hit: namesOf(members), bit: true, heal: { afterMs: atMs, act } };
}

/** At once, or in the midst of a message, or as it is asked for the state, or while it gives it. */
function kill(hit: Hit): Strike {
  const { world, one, random } = hit;
  const halfWayMs = random.between(2, 60);
  return killWhen(hit, (die) => {
    const dice = random.unit();
    if (dice < 0.2) goWithin(hit, die);
    else if (dice < 0.4) world.atNextSnapshot(one, die);
    else if (dice < 0.6)
      world.atNextSnapshot(one, () => world.ground.scheduler.after(halfWayMs, die));
    else die();
  });
}

/** Kills one, but not the one of this number. */
function killAnother({ world, number, running, random }: Hit): void {
  const others = running.filter(([other]) => other !== number);
  if (others.length === 0) return;
  const [other, member] = random.pick(others);
  member.kill();
  world.operator.startLater(other, random.between(0, 1_000));
}

function namesOf(members: readonly Member[]): string {
  return members.map(({ name }) => name).join(' ');
}
