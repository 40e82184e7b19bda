// What the recordings of a run say: the checkers' violations, and figures.
import { ViewsJudge, type ViewsRecord } from '@choir/testkit/views';
import { merged, readRecording } from '../recordings.ts';
import { type Exclusion, Exclusions, type Struck } from './exclusions.ts';
import type { Troupe } from './troupe.ts';

export type Verdict = {
  /** What is wrong; empty when all is well. */
  readonly failures: readonly string[];
  readonly records: number;
  readonly sent: number;
  readonly delivered: number;
  readonly views: number;
  readonly retransmissions: number;
  readonly exclusions: readonly Exclusion[];
  /** In the order of the recordings; see `Exclusions`. */
  readonly detectionMs: readonly number[];
};

const bounds = { bufferedMessagesMax: 8_192, drainMsMax: 2_500, returnMsMax: 6_000 };

/** @param before failures that are known already */
export function judged(
  { traces, world }: Troupe,
  struck: readonly Struck[],
  before: readonly string[],
  calm = false,
): Verdict {
  const judge = new ViewsJudge({ ...bounds, calm });
  const exclusions = new Exclusions(struck);
  const counts = { records: 0, sent: 0, delivered: 0, retransmissions: 0 };
  const views = new Set<string>();
  for (const record of merged([world, ...traces.map(readRecording)])) {
    judge.see(record);
    exclusions.see(record);
    counts.records += 1;
    if (record.kind === 'sent') counts.sent += 1;
    else if (record.kind === 'delivered') counts.delivered += 1;
    else if (record.kind === 'view') views.add(record.view);
    else if (record.kind === 'transmitted' && record.retransmission) counts.retransmissions += 1;
  }
  const violations = judge
    .finish()
    .map(({ property, text, record }) => `${property}: ${text}${placeOf(record)}`);
  const unexplained = exclusions.all
    .filter(({ because }) => because === null)
    .map(
      ({ node, view, silentMs }) =>
        `${node} was left out of ${view}, and no fault accounts for it; it had sent nothing for ${silentMs.toFixed(0)} ms`,
    );
  return {
    failures: [...before, ...violations, ...unexplained],
    ...counts,
    views: views.size,
    exclusions: exclusions.all,
    detectionMs: exclusions.detectionMs,
  };
}

function placeOf(record: ViewsRecord | null): string {
  return record === null ? '' : ` (${record.t.toFixed(3)} ms, ${record.node}, ${record.kind})`;
}
