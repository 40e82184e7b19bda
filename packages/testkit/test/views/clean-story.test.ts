import { expect, test } from 'vitest';
import { ViewsJudge } from '../../src/views/index.ts';
import { cleanStory } from './clean-story.ts';

test('no checker objects to the clean story, and the figures are taken from it', () => {
  const judge = new ViewsJudge({
    bufferedMessagesMax: 10,
    retransmissionsPerLossMax: 2,
    detectionMsMax: 100,
    returnMsMax: 500,
  });
  for (const record of cleanStory().records) judge.see(record);
  expect(judge.finish()).toEqual([]);
  const { detectionMs, deliveryMs } = judge.figures;
  expect(detectionMs).toEqual([16, 17]);
  expect(deliveryMs).toHaveLength(19);
});
