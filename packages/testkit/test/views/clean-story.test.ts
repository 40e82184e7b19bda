import { expect, test } from 'vitest';
import { Trace } from '../../src/index.ts';
import { ViewsJudge, type ViewsRecord } from '../../src/views/index.ts';
import { cleanStory } from './clean-story.ts';

test('no checker objects to the clean story, and the figures are taken from it', () => {
  const judge = new ViewsJudge({
    bufferedMessagesMax: 10,
    retransmissionsPerLossMax: 2,
    detectionMsMax: 100,
    returnMsMax: 500,
  });
  // As a simulation does it: the checkers listen to the trace.
  const trace = new Trace<ViewsRecord>();
  trace.observe((record) => judge.see(record));
  for (const record of cleanStory().records) trace.record(record);
  expect(judge.finish()).toEqual([]);
  const { detectionMs, deliveryMs } = judge.figures;
  expect(detectionMs).toEqual([20, 21]);
  expect(deliveryMs).toHaveLength(19);
});

test("a trace of real processes, a line a record, is judged as the simulator's is", () => {
  const judge = new ViewsJudge();
  const lines = cleanStory().records.map((record) => JSON.stringify(record));
  for (const line of lines) judge.see(JSON.parse(line) as ViewsRecord);
  expect(judge.finish()).toEqual([]);
});
