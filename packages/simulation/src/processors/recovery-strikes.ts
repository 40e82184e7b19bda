/** Faults that strike while the group recovers from another one. */
import type { Random, Strike } from '@choir/testkit';
import type { RecoveryFaultName } from './fault-names.ts';
import type { Hit, Struck, Target } from './strikes.ts';

type Struggle<One extends Target> = {
  readonly world: Struck<One>;
  readonly number: number;
  readonly one: One;
  readonly random: Random;
};

function kill<One extends Target>({ world, number, one, random }: Struggle<One>): void {
  one.kill();
  world.operator.startLater(number, random.between(500, 5_000));
}

function leave<One extends Target>({ one }: Struggle<One>): void {
  one.leave();
}

function deafen<One extends Target>({ world, one, random }: Struggle<One>): void {
  const { network, scheduler } = world.ground;
  const hosts = network.hosts().filter((host) => host !== one.name);
  for (const host of hosts) network.block(host, one.name);
  scheduler.after(random.between(300, 3_000), () => {
    for (const host of hosts) network.unblock(host, one.name);
  });
}

const acts = {
  'kill-in-recovery': kill,
  'leave-in-recovery': leave,
  'deaf-in-recovery': deafen,
} as const satisfies Record<RecoveryFaultName, unknown>;

/**
 * One is killed. As soon as the others agree on going on without it, or a little before or after, this is done to another one, and half of the
 * time something like it to a third.
 */
function strike<One extends Target>(hit: Hit<One>, name: RecoveryFaultName): Strike {
  const { world, one, running, random } = hit;
  const [second, third] = random.shuffle(running.filter(([, each]) => each !== one));
  const soon = (victim: typeof second, act: RecoveryFaultName): void => {
    if (victim === undefined) return;
    const [number, other] = victim;
    world.ground.scheduler.after(
      world.plan.settings.suspicionMinMs + random.between(-60, 60),
      () => {
        if (other.isRunning) acts[act]({ world, number, one: other, random });
      },
    );
  };
  kill(hit);
  soon(second, name);
  if (random.chance(0.5)) soon(third, random.pick(Object.keys(acts) as RecoveryFaultName[]));
  return { hit: `${one.name} ${second?.[1].name}`, bit: true };
}

export const recoveryStrikes = {
  'kill-in-recovery': (hit) => strike(hit, 'kill-in-recovery'),
  'leave-in-recovery': (hit) => strike(hit, 'leave-in-recovery'),
  'deaf-in-recovery': (hit) => strike(hit, 'deaf-in-recovery'),
} as const satisfies Readonly<
  Record<RecoveryFaultName, <One extends Target>(hit: Hit<One>) => Strike>
>;
