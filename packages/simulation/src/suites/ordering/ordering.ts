/** The suite `ordering`: the conformance cases of the contract O1–O9, on one node and on a hostile cluster. */
import { type ConformanceCase, conformance } from '@choir/ordering/conformance';
import { Random, Trace, type TraceEvent } from '@choir/testkit';
import { crashOf } from '../crash.ts';
import type { Run, Suite } from '../outcome.ts';
import { HostileSubject } from './hostile-subject.ts';
import { LocalSubject } from './local-subject.ts';
import type { OrderingSubject } from './subject.ts';

export const ordering: Suite = {
  name: 'ordering',
  about: 'The conformance cases of orderings, on one node with its disk and on a hostile cluster.',
  run: runOrdering,
  expected: [],
};

/** Cases that take a hundred times as long get one seed in so many. */
const longShare = 50;

function runOrdering(seed: number, keep: 0 | 'all'): ReturnType<Run> {
  const random = new Random(seed);
  const trace = new Trace<TraceEvent>(keep);
  const violations: { property: string; text: string }[] = [];
  const seen = new Set<string>();
  let entries = 0;
  let operations = 0;
  for (const one of conformance) {
    if (one.isLong && seed % longShare !== 0) continue;
    for (const [name, make] of [
      ['local', (luck: Random) => new LocalSubject(luck)],
      ['hostile', (luck: Random) => new HostileSubject(luck)],
    ] as const) {
      const luck = random.fork(`${name} ${one.name}`);
      const subject = make(luck);
      const crash = crashOf(() => {
        for (const { rule, what } of play(one, { subject, luck, name, trace })) {
          violations.push({ property: rule, text: `${name}, "${one.name}": ${what}` });
        }
      });
      if (crash !== null)
        violations.push({ property: 'G1', text: `${name}, "${one.name}": ${crash}` });
      entries += subject.committed();
      operations += 1;
      seen.add(`${name} ${one.name}`);
    }
  }
  const outcome = { seed, hash: trace.hash, violations, counts: entries > 0, entries, operations };
  return { outcome: { ...outcome, seen: [...seen] }, trace: trace.events() };
}

type Play = {
  readonly subject: OrderingSubject;
  readonly luck: Random;
  readonly name: string;
  readonly trace: Trace<TraceEvent>;
};

function play({ run, name: what }: ConformanceCase, { subject, luck, name, trace }: Play) {
  const script = run(subject, luck.fork('script'));
  let t = trace.count;
  for (;;) {
    const next = script.next();
    if (next.done === true) return next.value;
    subject.perform(next.value);
    t += 1;
    const node = 'node' in next.value ? next.value.node : name;
    const at = { case: what, committed: subject.committed(), now: subject.now() };
    trace.record({ t, node, kind: next.value.kind, ...at });
  }
}
