// Real processes under real faults: a group works, faults strike one after another, each is healed and waited for; in the end all
// rest, and what they recorded is judged by the checkers of process groups.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@choir/testkit';
import { lasts, machineNow } from './clock.ts';
import type { Struck } from './exclusions.ts';
import { faults } from './faults.ts';
import type { LinkNetwork } from './link-network.ts';
import { MulticastHosts } from './multicast-network.ts';
import { RelayedLoopback } from './relayed-network.ts';
import { group, Troupe } from './troupe.ts';
import { judged, type Verdict } from './verdict.ts';

export type FaultPlan = {
  readonly network: 'multicast' | 'unicast';
  readonly seed: number;
  /** Rounds are begun until this much time has gone; each round has every fault once. At least one round. */
  readonly seconds: number;
  readonly onFault?: (struck: Struck) => void;
};

export type FaultResult = Verdict & {
  readonly about: string;
  readonly seed: number;
  readonly processors: number;
  readonly struck: readonly Struck[];
  /** What of the network was on the machine in the end. */
  readonly left: readonly string[];
};

/** From the end of a fault until all are in one view again. */
export const togetherMs = 12_000;
const startMs = 20_000;
const restMs = 5_000;
const quietMs = 3_000;
export const endMs = 5_000;

export async function faultRun(plan: FaultPlan): Promise<FaultResult> {
  const random = new Random(`fault-test ${plan.seed}`);
  const processors = random.int(3, 5);
  const folder = mkdtempSync(join(tmpdir(), 'choir-faults-'));
  const network = await networkOf(plan.network, processors, random);
  const troupe = new Troupe(network, processors, folder);
  let left: readonly string[] = [];
  try {
    const run = { plan, random, troupe };
    await gather(troupe);
    const struck = await strikes(run);
    const failures = await bringToRest(troupe);
    await troupe.end(endMs);
    const verdict = judged(troupe, struck, failures);
    left = await network.remove();
    return { ...verdict, about: network.about, seed: plan.seed, processors, struck, left };
  } finally {
    await troupe.end(0);
    await network.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function networkOf(
  network: FaultPlan['network'],
  processors: number,
  random: Random,
): Promise<LinkNetwork> {
  if (network === 'multicast') return MulticastHosts.make(processors);
  return RelayedLoopback.make(processors, random.fork('relays'));
}

/** All processes start, and come together. */
export async function gather(troupe: Troupe): Promise<void> {
  for (const processor of troupe.processors) await troupe.start(processor, processor === 1);
  if (await troupe.until(() => troupe.areTogether(), startMs)) return;
  throw new Error(`The group did not come together in ${startMs} ms.`);
}

async function strikes(run: {
  readonly plan: FaultPlan;
  readonly random: Random;
  readonly troupe: Troupe;
}): Promise<readonly Struck[]> {
  const { plan, random, troupe } = run;
  const struck: Struck[] = [];
  const until = machineNow() + plan.seconds * 1_000;
  troupe.record('phase', { phase: 'work' });
  do {
    for (const draw of random.shuffle(Object.values(faults))) {
      const { fault, hit, mayExclude, strike } = draw(troupe, random);
      troupe.record('fault', { fault, hit, bit: true, lasts: null });
      const from = machineNow();
      const killedAt = await strike();
      const one = { fault, hit, mayExclude, from, to: machineNow(), killedAt };
      troupe.record('heal', { fault, hit });
      struck.push(one);
      plan.onFault?.(one);
      // Who does not come back is found by the judge, in the end.
      await troupe.until(() => troupe.areTogether(), togetherMs);
      await lasts(random.between(100, 600));
    }
  } while (machineNow() < until);
  return struck;
}

/** No more faults: all come together, and nobody sends any more. What did not come about, in words. */
export async function bringToRest(troupe: Troupe): Promise<readonly string[]> {
  const failures: string[] = [];
  troupe.record('phase', { phase: 'healing' });
  troupe.record('stable', { group, members: troupe.processors.map(String) });
  if (!(await troupe.until(() => troupe.areTogether(), togetherMs))) {
    failures.push(`not all were in one view ${togetherMs} ms after the last fault`);
  }
  if (!(await troupe.rest(restMs))) failures.push(`somebody went on sending for ${restMs} ms`);
  // What the last ones handed over is with their threads by then.
  await lasts(200);
  troupe.record('phase', { phase: 'quiet' });
  await lasts(quietMs);
  return failures;
}
