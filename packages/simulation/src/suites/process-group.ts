/** The suite `process-group`: members of the toolkit on processors of FTMP, judged by the toolkit's own checkers. */
import { Random, Trace, type TraceEvent } from '@choir/testkit';
import { ToolkitJudge } from '../toolkit/checkers/judge.ts';
import { drawToolkitPlan } from '../toolkit/plan.ts';
import type { ToolkitRecord } from '../toolkit/vocabulary.ts';
import { World } from '../toolkit/world.ts';
import { crashOf } from './crash.ts';
import { expectedOfProcessGroup } from './expected-process-group.ts';
import type { Run, Suite } from './outcome.ts';

export const processGroup: Suite = {
  name: 'process-group',
  about:
    'Three to seven members of the toolkit, on FTMP and its network; what process groups promise applications.',
  run: runMembers,
  expected: expectedOfProcessGroup,
};

const toldEnough = 500;
const faultsEnough = 3;

function runMembers(seed: number, keep: 0 | 'all'): ReturnType<Run> {
  const random = new Random(`process-group ${seed}`);
  const trace = new Trace<TraceEvent>(keep);
  const judge = new ToolkitJudge();
  const bitten = new Set<string>();
  const told = new Set<string>();
  let operations = 0;
  trace.observe((event) => {
    // Everything in this trace was recorded in the vocabulary.
    const record = event as unknown as ToolkitRecord;
    judge.see(record);
    if (record.kind === 'told') told.add(`${record.group} ${record.message}`);
    if (record.kind === 'said') operations += 1;
    if (record.kind === 'fault' && record.bit) bitten.add(record.fault);
  });
  const world = new World(random, drawToolkitPlan(random.fork('plan')), trace);
  const crash = crashOf(() => world.run());
  const violations = judge.finish().map(({ property, text, record }) => {
    if (record === null) return { property, text };
    const { t, node, kind } = record;
    return { property, text: `${text} (${t.toFixed(3)} ms, ${node}, ${kind})` };
  });
  if (crash !== null) violations.unshift({ property: 'G1', text: crash });
  const seen = [...world.seen, ...[...bitten].map((fault) => `fault ${fault}`)];
  if (world.operator.groupsLost > 0) seen.push('group lost');
  const counts = told.size >= toldEnough && world.ground.faultsThatBit >= faultsEnough;
  const outcome = {
    seed,
    hash: trace.hash,
    violations,
    counts,
    entries: told.size,
    operations,
    seen,
  };
  return { outcome, trace: trace.events() };
}
