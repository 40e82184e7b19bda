import { expect, test } from 'vitest';
import { Judge } from '../../src/checkers/index.ts';
import { cleanStory } from './clean-story.ts';

test('no checker objects to the clean story', () => {
  const judge = new Judge();
  for (const record of cleanStory().records) judge.see(record);
  expect(judge.finish()).toEqual([]);
});
