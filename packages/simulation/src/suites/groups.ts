/** The suite `groups`: the whole system under one seed, judged by all checkers. */
import { Random, Trace, type TraceEvent } from '@choir/testkit';
import { Judge, type TraceRecord, type Violation } from '@choir/testkit/checkers';
import { drawPlan } from '../workload/plan.ts';
import { World } from '../world/world.ts';
import { crashOf } from './crash.ts';
import { expectedOfGroups } from './expected.ts';
import type { Run, Suite } from './outcome.ts';

export const groups: Suite = {
  name: 'groups',
  about: 'One server, three to eight clients, their network and disks; every checker of groups.',
  run: runGroups,
  expected: expectedOfGroups,
};

function runGroups(seed: number, keep: 0 | 'all'): ReturnType<Run> {
  const random = new Random(seed);
  const trace = new Trace<TraceEvent>(keep);
  const judge = new Judge();
  const bitten = new Set<string>();
  let entries = 0;
  trace.observe((event) => {
    // The kinds and their fields are those of the vocabulary: nobody else records here.
    const record = event as unknown as TraceRecord;
    judge.see(record);
    if (record.kind === 'kept') entries += 1;
    if (record.kind === 'fault' && record.bit) bitten.add(record.fault);
  });
  const world = new World(random, drawPlan(random.fork('plan')), trace);
  const crash = crashOf(() => world.run());
  const violations = judge.finish().map(described);
  if (crash !== null) violations.unshift({ property: 'G1', text: crash });
  const { operations } = world.workload;
  const seen = [...world.surroundings.seen, ...[...bitten].map((fault) => `fault ${fault}`)];
  const counts = world.hasEnough();
  const outcome = { seed, hash: trace.hash, violations, counts, entries, operations, seen };
  return { outcome, trace: trace.events() };
}

function described({ property, text, record }: Violation): { property: string; text: string } {
  if (record === null) return { property, text };
  const { t, node, kind } = record;
  return { property, text: `${text} (${t.toFixed(3)} ms, ${node}, ${kind})` };
}
