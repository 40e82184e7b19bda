/** Plays a case of the conformance suite on a simulated subject. */
import type { Random } from '@choir/testkit';
import type { ConformanceCase, Step, Subject, Violation } from '../src/conformance/index.ts';

export type Performer = Subject & { perform(step: Step): void };

export function play(
  { run }: ConformanceCase,
  subject: Performer,
  random: Random,
): readonly Violation[] {
  const script = run(subject, random.fork('script'));
  for (;;) {
    const next = script.next();
    if (next.done === true) return next.value;
    subject.perform(next.value);
  }
}
