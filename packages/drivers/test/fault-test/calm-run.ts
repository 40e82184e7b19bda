// A calm run: the machine is loaded, main threads stand still for half the suspicion time, processes are killed now and then; nobody
// who is alive may be excluded. Parts of at most two minutes, each a group of its own; the log has a line for each part that is
// done, and the same command goes on behind it.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@choir/testkit';
import { lasts, machineNow } from './clock.ts';
import type { Struck } from './exclusions.ts';
import { bringToRest, endMs, gather, networkOf, togetherMs } from './fault-run.ts';
import { suspicionMs } from './faults.ts';
import { Load } from './load.ts';
import { Troupe } from './troupe.ts';
import { judged } from './verdict.ts';

export type CalmPlan = {
  readonly network: 'multicast' | 'unicast';
  readonly seed: number;
  readonly minutes: number;
  /** Null: none is kept. */
  readonly log: string | null;
  readonly onPart?: (part: CalmPart) => void;
};

export type CalmPart = {
  readonly part: number;
  readonly seed: number;
  readonly seconds: number;
  readonly failures: readonly string[];
  /** Exclusions of those who were alive. */
  readonly falseExclusions: number;
  readonly sent: number;
  readonly delivered: number;
  readonly kills: number;
  readonly blocks: number;
  /** One for each survivor of each kill. */
  readonly detectionMs: readonly number[];
  readonly burnt: number;
  readonly busy: number;
  readonly left: readonly string[];
};

const processors = 3;
const loadShare = 0.8;
const partMinutes = 2;
const killEveryMs = 15_000;
const blockEveryMs = 3_000;
const returnMs = 1_500;

export async function calmRun(plan: CalmPlan): Promise<readonly CalmPart[]> {
  const parts = logged(plan);
  const count = Math.ceil(plan.minutes / partMinutes);
  for (let part = parts.length + 1; part <= count; part += 1) {
    const minutes = Math.min(partMinutes, plan.minutes - (part - 1) * partMinutes);
    const done = await calmPart(plan, part, minutes * 60_000);
    if (plan.log !== null) appendFileSync(plan.log, `${JSON.stringify(done)}\n`);
    parts.push(done);
    plan.onPart?.(done);
  }
  return parts;
}

/** Parts of the same seed that were done before. */
function logged({ log, seed }: CalmPlan): CalmPart[] {
  if (log === null || !existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line) as CalmPart).filter((part) => part.seed === seed);
}

async function calmPart(plan: CalmPlan, part: number, ms: number): Promise<CalmPart> {
  const random = new Random(`calm ${plan.seed} ${part}`);
  const folder = mkdtempSync(join(tmpdir(), 'choir-calm-'));
  const network = await networkOf(plan.network, processors, random);
  const troupe = new Troupe(network, processors, folder);
  const load = new Load(loadShare);
  try {
    await gather(troupe);
    const { struck, blocks } = await work(troupe, random, ms);
    const { burnt, busy } = await load.end();
    const before = await bringToRest(troupe);
    await troupe.end(endMs);
    const { failures, exclusions, detectionMs, sent, delivered } = judged(
      troupe,
      struck,
      before,
      true,
    );
    return {
      part,
      seed: plan.seed,
      seconds: Math.round(ms / 1_000),
      failures,
      falseExclusions: exclusions.filter(({ because }) => because === null).length,
      sent,
      delivered,
      kills: struck.length,
      blocks,
      detectionMs,
      burnt,
      busy,
      left: await network.remove(),
    };
  } finally {
    await load.end();
    await troupe.end(0);
    await network.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function work(
  troupe: Troupe,
  random: Random,
  ms: number,
): Promise<{ readonly struck: readonly Struck[]; readonly blocks: number }> {
  const struck: Struck[] = [];
  let blocks = 0;
  const began = machineNow();
  let killAt = began + killEveryMs / 2;
  troupe.record('phase', { phase: 'work' });
  while (machineNow() < began + ms) {
    await lasts(random.between(0.5, 1.5) * blockEveryMs);
    troupe.member(random.pick(troupe.processors)).tell({ kind: 'block', ms: suspicionMs / 2 });
    blocks += 1;
    if (machineNow() < killAt) continue;
    killAt += killEveryMs;
    const processor = random.pick(troupe.processors);
    const from = machineNow();
    const killedAt = await troupe.kill(processor);
    await lasts(returnMs);
    await troupe.start(processor);
    struck.push({
      fault: 'kill -9',
      hit: `${processor}`,
      mayExclude: [processor],
      from,
      to: machineNow(),
      killedAt,
    });
    await troupe.until(() => troupe.areTogether(), togetherMs);
  }
  return { struck, blocks };
}
