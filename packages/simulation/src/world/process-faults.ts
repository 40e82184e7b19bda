/** What the faults of processes and clocks do (see `process-fault-names.ts`). */
import type { Fault, Random, Strike } from '@choir/testkit';
import type { User } from '../workload/user.ts';
import { type ProcessFaultName, processFaultNames } from './process-fault-names.ts';
import { serverHost } from './server-process.ts';
import type { World } from './world.ts';

type Blow = (world: World, random: Random, lastMs: number) => Strike | null;

/** Half of the kills wait for a commit under way, which is where most there is to break can break. */
const trapShare = 0.5;

export function processFaults(
  world: World,
  weights: Readonly<Record<ProcessFaultName, number>>,
  [shortest, longest]: readonly [number, number],
): Fault[] {
  return processFaultNames.map((name) => ({
    name,
    weight: weights[name],
    strike: (random) => {
      const lastMs = shortest * (longest / shortest) ** random.unit();
      return blows[name](world, random, lastMs);
    },
  }));
}

const blows: { readonly [Name in ProcessFaultName]: Blow } = {
  'kill-server': (world, random) => {
    const restartMs = random.between(10, 3_000);
    return strikeServer(world, random, () => world.server.kill(restartMs));
  },
  'power-loss': (world, random) => {
    const restartMs = random.between(50, 5_000);
    return strikeServer(world, random, () => world.server.losePower(restartMs));
  },
  'pause-server': ({ server }, _, lastMs) => {
    if (!server.running || server.paused) return null;
    server.pause();
    return { hit: serverHost, bit: true, heal: { afterMs: lastMs, act: () => server.goOn() } };
  },
  refuse: ({ server }, _, lastMs) => {
    if (!server.running) return null;
    server.refuse(true);
    return {
      hit: serverHost,
      bit: true,
      heal: { afterMs: lastMs, act: () => server.refuse(false) },
    };
  },
  damage: ({ server }, random, lastMs) => {
    const { entries } = server.disk.contents;
    const last = entries.at(-1);
    if (last === undefined || !server.running) return null;
    const seq = random.int(entries[0]?.seq ?? 1, last.seq);
    server.disk.damage(seq);
    server.kill(50);
    const heal = { afterMs: lastMs, act: () => server.disk.repair() };
    return { hit: `${serverHost}, entry ${seq}`, bit: true, heal };
  },
  'server-clock': ({ server }, random) => {
    const byMs = jump(random);
    server.clock.jump(byMs);
    return { hit: `${serverHost} by ${byMs} ms`, bit: server.running };
  },
  'client-clock': (world, random) => {
    const user = random.pick(world.users);
    const byMs = jump(random);
    user.clock.jump(byMs);
    return { hit: `${user.node} by ${byMs} ms`, bit: true };
  },
  'kill-client': (world, random, lastMs) => {
    const user = anyUser(world, random);
    user?.process?.crash();
    user?.startAfter(lastMs);
    return user === null ? null : { hit: user.node, bit: true };
  },
  'lose-client': (world, random, lastMs) => {
    const user = anyUser(world, random);
    if (user === null || random.chance(0.5)) return null;
    user.process?.crash();
    user.becomeAnother();
    user.startAfter(lastMs);
    return { hit: user.node, bit: true };
  },
  'close-client': (world, random, lastMs) => {
    const user = anyUser(world, random);
    user?.process?.close();
    user?.startAfter(lastMs);
    return user === null ? null : { hit: user.node, bit: true };
  },
  'pause-client': (world, random, lastMs) => {
    const process = anyUser(world, random)?.process ?? null;
    if (process === null) return null;
    process.pause();
    const heal = { afterMs: lastMs, act: () => process.goOn() };
    return { hit: process.node, bit: true, heal };
  },
  'stalled-reader': (world, random, lastMs) => {
    const process = anyUser(world, random)?.process ?? null;
    if (process === null) return null;
    process.setReading(false);
    // Long enough for buffers to fill.
    const heal = { afterMs: 3 * lastMs, act: () => process.setReading(true) };
    return { hit: process.node, bit: process.session.state === 'online', heal };
  },
  offline: (world, random, lastMs) => {
    const user = anyUser(world, random);
    if (user === null) return null;
    const { node } = user;
    const { network } = world.surroundings;
    network.part([node], [serverHost]);
    const act = (): void => {
      network.join([node], [serverHost]);
      user.working?.wake();
    };
    return { hit: node, bit: true, heal: { afterMs: lastMs, act } };
  },
  'second-session': (world, random, lastMs) => {
    const user = anyUser(world, random);
    const first = user?.process ?? null;
    // While blocks are under way a session still changes what it has stored, and two would differ.
    if (user === null || first?.live !== true) return null;
    const hit = first.node;
    user.fork();
    // Whoever had the outbox before is told by its storage, or at the latest now.
    return { hit, bit: true, heal: { afterMs: Math.min(lastMs, 300), act: () => first.crash() } };
  },
};

function strikeServer(world: World, random: Random, act: () => void): Strike | null {
  const { server, surroundings } = world;
  if (!server.running) return null;
  if (random.chance(trapShare)) {
    const delayMs = random.between(0, 1.5);
    server.atNextCommit(() => surroundings.scheduler.after(delayMs, act));
    return { hit: `${serverHost} at its next commit`, bit: true };
  }
  act();
  return { hit: serverHost, bit: true };
}

function anyUser(world: World, random: Random): User | null {
  const working = world.users.filter((user) => user.working !== null);
  return working.length === 0 ? null : random.pick(working);
}

/** Up to three days, more likely seconds. */
function jump(random: Random): number {
  const byMs = Math.round(100 * 2_592_000 ** random.unit());
  return random.chance(0.5) ? byMs : -byMs;
}
