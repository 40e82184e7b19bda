/** The suite `groups`: the whole system under one seed, judged by all checkers. */
import { Random, Trace, type TraceEvent } from '@choir/testkit';
import { Judge, type TraceRecord } from '@choir/testkit/checkers';
import { drawPlan } from '../workload/plan.ts';
import { World } from '../world/world.ts';
import type { Outcome } from './outcome.ts';

/** What a seed must have had to count. */
const bittenMin = 3;
const entriesMin = 100;

export function runGroups(seed: number, keep: number | 'all' = 0): Outcome {
  const random = new Random(seed);
  const trace = new Trace<TraceEvent>(keep);
  const judge = new Judge();
  const bitten = new Set<string>();
  let entries = 0;
  trace.observe((event) => {
    const record = event as unknown as TraceRecord;
    judge.see(record);
    if (record.kind === 'kept') entries += 1;
    if (record.kind === 'fault' && record.bit) bitten.add(record.fault);
  });
  const world = new World(random, drawPlan(random.fork('plan')), trace);
  let crash: string | null = null;
  try {
    world.run();
  } catch (error) {
    crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const violations = judge.finish().map(({ property, text, record }) => ({
    property,
    text:
      record === null
        ? text
        : `${text} (at ${record.t.toFixed(3)} ms, ${record.node}, ${record.kind})`,
  }));
  if (crash !== null) violations.unshift({ property: 'G1', text: crash });
  const { operations } = world.workload;
  return {
    seed,
    hash: trace.hash,
    violations,
    counts: world.faults.bitten >= bittenMin && entries >= entriesMin && operations >= 100,
    entries,
    operations,
    seen: [...world.surroundings.seen, ...[...bitten].map((fault) => `fault ${fault}`)],
    trace: keep === 0 ? '' : trace.text(),
  };
}
