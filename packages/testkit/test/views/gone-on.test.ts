/** Who has gone on without a process needs nothing of what that sent meanwhile (S23). */
import { expect, test } from 'vitest';
import { ViewsJudge } from '../../src/views/index.ts';
import { group, Story } from './story.ts';

const ada = '1.aa';
const bob = '2.bb';

/** What bob sent reaches nobody, and ada is given these views before bob lets go of it. */
function letsGo(...views: readonly (readonly [id: string, members: readonly string[]])[]): boolean {
  const story = new Story();
  story.start(ada, bob);
  story.view('1/1', [ada], ['first']);
  story.view('2/1', [ada, bob], ['added', 'joined']);
  story.say(bob, { kind: 'stored', group, source: bob, seq: 1, timestamp: 5 });
  for (const [view, members] of views) {
    const fields = { view, members, primary: true, transitional: [ada], cause: 'fault' } as const;
    story.say(ada, { kind: 'view', group, ...fields });
  }
  story.say(bob, { kind: 'released', group, source: bob, seq: 1 });
  const judge = new ViewsJudge();
  for (const record of story.records) judge.see(record);
  return !judge.finish().some(({ property }) => property === 'S23');
}

test('what a member lacks that is still there is not let go', () => {
  expect(letsGo()).toBe(false);
});

test('nor what one lacks that has gone on with this process', () => {
  expect(letsGo(['7/1', [ada, bob]])).toBe(false);
});

test('what one lacks that has gone on without this process may be let go', () => {
  expect(letsGo(['7/1', [ada]])).toBe(true);
});
