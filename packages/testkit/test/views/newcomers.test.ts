/** What newcomers do and are given before the others have them. */
import { describe, expect, test } from 'vitest';
import { ViewsJudge } from '../../src/views/index.ts';
import { group, Story } from './story.ts';

const ada = '1.aa';
const bob = '2.bb';

function propertiesOf({ records }: Story): readonly string[] {
  const judge = new ViewsJudge();
  for (const record of records) judge.see(record);
  return judge.finish().map(({ property }) => property);
}

function founded(): Story {
  const story = new Story();
  story.start(ada, bob);
  story.view('1/1', [ada], ['first']);
  return story;
}

function given(story: Story, view: string, members: readonly string[], cause: 'joined' | 'fault') {
  const fields = { group, view, members, primary: true, transitional: [bob], cause } as const;
  story.say(bob, { kind: 'view', ...fields });
}

describe('a view that a newcomer alone was given (S5)', () => {
  test('continues the last one of the members that crashed on the way to it', () => {
    const story = founded();
    story.say(ada, { kind: 'crashed' });
    given(story, '5/1', [ada, bob], 'joined');
    given(story, '9/2', [bob], 'fault');
    expect(propertiesOf(story)).not.toContain('S5');
  });

  test('continues the last one of a member that was excluded on the way to it', () => {
    const story = founded();
    given(story, '5/1', [ada, bob], 'joined');
    given(story, '9/2', [bob], 'fault');
    story.say(ada, { kind: 'excluded', group });
    expect(propertiesOf(story)).not.toContain('S5');
  });

  test('continues nothing when they live', () => {
    const story = founded();
    given(story, '5/1', [ada, bob], 'joined');
    expect(propertiesOf(story)).toContain('S5');
  });

  test('is a rival of what one of those went on to alone', () => {
    const story = founded();
    story.start('3.cc', '4.dd');
    story.view('3/1', [ada, '3.cc', '4.dd'], ['added', 'joined', 'joined']);
    story.view('4/3', ['3.cc'], ['fault']);
    for (const node of [ada, '3.cc', '4.dd']) story.say(node, { kind: 'crashed' });
    given(story, '5/1', [ada, '3.cc', '4.dd', bob], 'joined');
    expect(propertiesOf(story)).toContain('S5');
  });

  test('is a rival when others went on', () => {
    const story = founded();
    story.start('3.cc', '4.dd');
    story.view('3/1', [ada, '3.cc'], ['added', 'joined']);
    story.view('4/3', ['3.cc'], ['fault']);
    story.say(ada, { kind: 'crashed' });
    given(story, '5/1', [ada, bob], 'joined');
    expect(propertiesOf(story)).toContain('S5');
  });
});

describe('what a newcomer made (S22)', () => {
  const acknowledged = (timestamp: number): readonly string[] => {
    const story = founded();
    story.say(bob, { kind: 'stored', group, source: bob, seq: 1, timestamp });
    story.view('5/1', [ada, bob], ['added', 'joined']);
    story.say(ada, { kind: 'acked', group, ack: 7 });
    return propertiesOf(story);
  };

  test('before its place in the order, nobody needs', () => {
    expect(acknowledged(5)).not.toContain('S22');
  });

  test('behind it, has to be held', () => {
    expect(acknowledged(6)).toContain('S22');
  });
});

describe('what is sent again (L8)', () => {
  const again = {
    kind: 'transmitted',
    group,
    type: 'Regular',
    bytes: 9,
    retransmission: true,
  } as const;
  const violated = (story: Story): boolean => {
    const judge = new ViewsJudge({ retransmissionsPerLossMax: 1, retransmissionsFree: 1 });
    for (const record of story.records) judge.see(record);
    return judge.finish().some(({ property }) => property === 'L8');
  };

  test('is in proportion to what a joiner takes before its first view, which it may have come too late for', () => {
    const story = founded();
    for (let seq = 1; seq <= 3; seq += 1) {
      story.say(ada, again);
      story.say(bob, { kind: 'stored', group, source: ada, seq, timestamp: seq + 1 });
    }
    given(story, '9/1', [ada, bob], 'joined');
    expect(violated(story)).toBe(false);
  });

  test('is not when it has had its first view', () => {
    const story = founded();
    given(story, '2/1', [ada, bob], 'joined');
    for (let seq = 1; seq <= 3; seq += 1) {
      story.say(ada, again);
      story.say(bob, { kind: 'stored', group, source: ada, seq, timestamp: seq + 2 });
    }
    expect(violated(story)).toBe(true);
  });
});
