/** The suites `ftmp`, `ftmp-recovery` and `ftmp-calm`: processors, their groups and their network, judged by all checkers of views. */
import { Random, Trace, type TraceEvent } from '@choir/testkit';
import { ViewsJudge, type ViewsRecord, type ViewsViolation } from '@choir/testkit/views';
import { drawPlan, type Emphasis } from '../processors/plan.ts';
import { returnMs, World } from '../processors/world.ts';
import { crashOf } from './crash.ts';
import { expectedOfFtmp } from './expected-ftmp.ts';
import type { Run, Suite } from './outcome.ts';

export const ftmp: Suite = {
  name: 'ftmp',
  about: 'Three to seven processors of FTMP and their network; every checker of process groups.',
  run: (seed, keep) => runProcessors(seed, keep, 'mixed'),
  expected: expectedOfFtmp,
};

export const ftmpRecovery: Suite = {
  name: 'ftmp-recovery',
  about: 'The same, with failures while the group recovers from failures.',
  run: (seed, keep) => runProcessors(seed, keep, 'recovery'),
  expected: ['proposed again', 'decided in a later round', 'fault kill-in-recovery'],
};

export const ftmpCalm: Suite = {
  name: 'ftmp-calm',
  about: 'The same, with nothing that could make the living look dead: nobody may be excluded.',
  run: (seed, keep) => runProcessors(seed, keep, 'calm'),
  expected: [],
};

/** Retransmissions for a lost copy, where nothing is so late that it seems lost; without multicast each copy is sent again by itself. */
const perLossMax = { multicast: 1.5, fanOut: 2 } as const;
const retransmissionsFree = 100;

/** From a crash to the view without it, where nothing else stands in the way; on a lossy network the agreement takes its time, too. */
const detectionMsMax = { clean: 2_000, lossy: 3_000 } as const;
/** The share of datagrams from which on a network is lossy. */
const lossy = 0.02;

const deliveredEnough = 500;
const faultsEnough = 3;

function runProcessors(seed: number, keep: 0 | 'all', emphasis: Emphasis): ReturnType<Run> {
  const random = new Random(`${emphasis} ${seed}`);
  const trace = new Trace<TraceEvent>(keep);
  const plan = drawPlan(random.fork('plan'), emphasis);
  const retransmissionsPerLossMax = plan.fansOut ? perLossMax.fanOut : perLossMax.multicast;
  const { loss = 0 } = plan.weather;
  const detection = detectionMsMax[loss > lossy ? 'lossy' : 'clean'];
  const judge = new ViewsJudge({
    ...(emphasis === 'calm' ? { calm: true, detectionMsMax: detection } : {}),
    bufferedMessagesMax: 8_192,
    drainMsMax: 2_500,
    ...(plan.isOrderly ? { retransmissionsPerLossMax, retransmissionsFree } : {}),
    returnMsMax: returnMs,
  });
  const bitten = new Set<string>();
  const delivered = new Set<string>();
  trace.observe((event) => {
    const record = event as unknown as ViewsRecord;
    judge.see(record);
    if (record.kind === 'delivered') delivered.add(record.message);
    if (record.kind === 'fault' && record.bit) bitten.add(record.fault);
  });
  const world = new World(random, plan, trace);
  const crash = crashOf(() => world.run());
  const violations = judge.finish().map(described);
  if (crash !== null) violations.unshift({ property: 'G1', text: crash });
  const seen = [...world.seen, ...[...bitten].map((fault) => `fault ${fault}`)];
  if (world.operator.groupsLost > 0) seen.push('group lost');
  const counts = delivered.size >= deliveredEnough && world.ground.faultsThatBit >= faultsEnough;
  const [entries, operations] = [delivered.size, world.sent];
  const outcome = { seed, hash: trace.hash, violations, counts, entries, operations, seen };
  return { outcome, trace: trace.events() };
}

function described({ property, text, record }: ViewsViolation): { property: string; text: string } {
  if (record === null) return { property, text };
  const { t, node, kind } = record;
  return { property, text: `${text} (${t.toFixed(3)} ms, ${node}, ${kind})` };
}
