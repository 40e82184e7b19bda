/** Each checker of the toolkit finds a violation that was planted in a story told by hand, and nothing where nothing is wrong. */
import { describe, expect, test } from 'vitest';
import { ann, bob, Story, viewOf } from './story.ts';

const claim = { group: 1, operation: 'acquire', lock: 'l', number: 1 } as const;
const granted = { group: 1, view: 2, lock: 'l', number: 1 } as const;

/** Both ask for the lock, ann first. */
function claimed(): Story {
  const story = new Story().begin();
  for (const [count, node] of [ann, bob].entries()) {
    story.said(node, { channel: 'locks', safe: true });
    story.add(node, 'claimed', { ...claim, message: `${node}/1` });
    for (const at of [ann, bob]) {
      story.told(at, { message: `${node}/1`, channel: 'locks', count: count + 1 });
    }
  }
  return story;
}

function asked(): Story {
  const story = new Story().begin().said(ann, { form: 'request', channel: 'talk' });
  story.add(ann, 'asked', { group: 1, message: `${ann}/1`, number: 1, to: ['all'], need: 'all' });
  for (const at of [ann, bob]) story.told(at, { form: 'request', channel: 'talk', count: 0 });
  return story;
}

function answered(story: Story, node: string, data = `of ${node}`): Story {
  const fields = { group: 1, asker: ann, number: 1, how: 'answered', taken: true } as const;
  return story.add(node, 'answered', { ...fields, data: data.replaceAll(' ', '-') });
}

const answerOf = (node: string): string => `${node} answered of-${node}`;

function invoked(story: Story, call: string, operation: 'set' | 'read', value = ''): Story {
  return story.add(ann, 'invoked', { group: 1, call, operation, key: 'k', value, version: 0 });
}

function responded(story: Story, call: string, value: string, version: number): Story {
  return story.add(ann, 'responded', { group: 1, call, applied: true, value, version });
}

test('nothing is found where nothing is wrong', () => {
  const story = claimed();
  for (const at of [ann, bob]) {
    story.add(at, 'granted', { ...granted, count: 1, owner: ann, fence: 1 });
  }
  expect(story.end().violated).toEqual([]);
  const request = answered(answered(asked(), ann), bob);
  const replies = [answerOf(ann), answerOf(bob)];
  request.add(ann, 'replies', { group: 1, number: 1, replies });
  expect(request.end().violated).toEqual([]);
});

const third = '3.0000000c';

/** The third was given two pieces by ann, and then by bob what comes next. */
function brokenOff(): Story {
  return new Story()
    .begin()
    .add(third, 'awaits', { provider: ann, transfer: 1 })
    .add(third, 'received', { digest: 'a' })
    .add(third, 'received', { digest: 'b' })
    .add(third, 'awaits', { provider: bob, transfer: 1 });
}

test('who has told all that came of a transfer that broke off may go on', () => {
  const story = brokenOff().add(third, 'has', { provider: bob, transfer: 1, digests: ['b', 'a'] });
  expect(story.add(third, 'holds', {}).end().violated).toEqual([]);
});

test('who has the state tells nobody what it has, though it is sent once more', () => {
  const at = { group: 1, view: 2, count: 0, state: '2:0', taken: true };
  const story = brokenOff()
    .add(third, 'has', { provider: bob, transfer: 1, digests: ['a', 'b'] })
    .add(third, 'received', { digest: 'c' })
    .add(third, 'restored', at)
    .add(third, 'awaits', { provider: ann, transfer: 2 })
    .add(third, 'holds', {});
  expect(story.end().violated).toEqual([]);
});

test('what came of a provider that was declined may be left out', () => {
  const story = brokenOff()
    .add(third, 'declined', { provider: ann })
    .add(third, 'has', { provider: bob, transfer: 1, digests: ['a'] });
  expect(story.end().violated).toEqual([]);
});

describe('what is wrong is found', () => {
  const planted: readonly [property: string, what: string, story: Story][] = [
    [
      'R1',
      'two take different members to hold the state',
      new Story()
        .begin()
        .said(ann)
        .told(ann)
        .told(bob, { holders: [ann] })
        .end(),
    ],
    ['R2', 'a number is left out', new Story().begin().view(ann, { view: 4, joined: [] })],
    [
      'R2',
      'one number, other members',
      new Story()
        .begin()
        .view(ann, { view: 3, joined: [] })
        .view(bob, { view: 3, members: [bob] }),
    ],
    [
      'R3',
      'who is gone was not told of',
      new Story().begin().view(ann, { view: 3, members: [ann], labels: ['member 1'], joined: [] }),
    ],
    [
      'R3',
      'who was removed is said to have left',
      new Story()
        .begin()
        .view(ann, { view: 3, members: [ann], labels: ['member 1'], joined: [], left: [bob] }),
    ],
    [
      'R4',
      'two have one label',
      new Story().begin().view(ann, { view: 3, labels: ['one', 'one'], joined: [] }),
    ],
    [
      'R5',
      'who is new is said to return',
      new Story().begin().view(ann, {
        view: 3,
        members: [ann, bob, third],
        labels: ['member 1', 'member 2', 'member 3'],
        joined: [third],
        returned: [third],
      }),
    ],
    [
      'R6',
      'one is told in the next view',
      new Story()
        .begin()
        .said(ann)
        .told(ann)
        .view(bob, { view: 3, joined: [] })
        .told(bob, { view: 3 }),
    ],
    [
      'R6',
      'the sender is not in the view',
      new Story()
        .begin()
        .said(third)
        .told(ann, { message: `${third}/1` }),
    ],
    [
      'T1',
      'states part',
      new Story().begin().said(ann).told(ann).told(bob, { state: 'other' }).end(),
    ],
    [
      'T2',
      'many pieces are under way',
      new Story().begin().add(ann, 'part', { group: 1, bytes: 65_536, underWay: 30 }),
    ],
    [
      'T5',
      'what the joiner has is sent again and again',
      ['a', 'b'].reduce(
        (story, digest) => story.add(ann, 'piece', { transfer: 1, digest }),
        new Story()
          .begin()
          .add(ann, 'marked', { transfer: 1, to: [bob] })
          .add(ann, 'piece', { transfer: 1, digest: 'a' })
          .add(ann, 'had', { transfer: 1, joiner: bob, digests: ['a', 'b'] }),
      ),
    ],
    [
      'T5',
      'the joiner tells half of what it has',
      brokenOff().add(third, 'has', { provider: bob, transfer: 1, digests: ['a'] }),
    ],
    [
      'T5',
      'the joiner tells what it never had',
      brokenOff().add(third, 'has', { provider: bob, transfer: 1, digests: ['a', 'b', 'c'] }),
    ],
    ['T5', 'the joiner tells nothing', brokenOff().add(third, 'holds', {})],
    [
      'T3',
      'a joiner waits for ever',
      new Story()
        .begin()
        .add(third, 'started', { processor: 2, label: 'member 3', observes: false })
        .add(third, 'installed', { group: 1, ground: '6/1.0000000a', cause: 'joined', members: [] })
        .end(),
    ],
    [
      'T4',
      'the state is said to be lost while somebody holds it',
      new Story()
        .begin()
        .add(third, 'started', { processor: 3, label: 'member 3', observes: false })
        .add(third, 'installed', { group: 1, ground: '5/1.0000000a', cause: 'joined', members: [] })
        .add(third, 'state-lost', { group: 1 }),
    ],
    [
      'M1',
      'two orders',
      new Story()
        .begin()
        .said(ann)
        .said(bob)
        .told(ann)
        .told(ann, { count: 2, message: `${bob}/1` })
        .told(bob, { message: `${bob}/1` })
        .told(bob, { count: 2 })
        .end(),
    ],
    ['M1', 'nobody said it', new Story().begin().told(ann)],
    [
      'M2',
      'it was for somebody else',
      new Story()
        .begin()
        .said(ann, { form: 'direct', channel: 'talk', to: [ann] })
        .told(bob, { form: 'direct', channel: 'talk', count: 0 }),
    ],
    [
      'M3',
      'it was said on another channel',
      new Story().begin().said(ann).told(ann, { channel: 'map' }),
    ],
    [
      'M5',
      'the second is told before the first',
      new Story()
        .begin()
        .said(ann)
        .said(ann, { message: `${ann}/2` })
        .told(bob, { message: `${ann}/2` })
        .told(bob, { count: 2 }),
    ],
    [
      'M4',
      'one is told of noise, the other is not',
      new Story()
        .begin()
        .add(ann, 'view', viewOf(3))
        .add(bob, 'view', viewOf(3))
        .add(ann, 'unreadable', { group: 1, view: 3, count: 0, sender: bob })
        .add(ann, 'view', viewOf(4))
        .add(bob, 'view', viewOf(4)),
    ],
    [
      'B3',
      'two have two leaders',
      new Story()
        .begin()
        .add(ann, 'leads', { group: 1, view: 2, count: 0, leader: ann, term: 1 })
        .add(bob, 'leads', { group: 1, view: 2, count: 0, leader: bob, term: 2 }),
    ],
    [
      'B3',
      'a leader gives way to one that came later',
      new Story()
        .begin()
        .add(ann, 'leads', { group: 1, view: 1, count: 0, leader: ann, term: 1 })
        .add(ann, 'leads', { group: 1, view: 2, count: 0, leader: bob, term: 2 }),
    ],
    [
      'O3',
      'an observer is said to hold the state',
      new Story()
        .begin()
        .add(third, 'started', { processor: 3, label: 'member 3', observes: true })
        .add(ann, 'view', {
          ...viewOf(3),
          members: [ann, bob, third],
          labels: ['member 1', 'member 2', 'member 3'],
          holders: [ann, bob, third],
          joined: [third],
        }),
    ],
    ['M5', 'an own message never comes', new Story().begin().said(ann).end()],
    ['Q1', 'it is answered twice', answered(answered(asked(), bob), bob)],
    [
      'Q1',
      'an answer is somebody else’s',
      answered(asked(), bob).add(ann, 'replies', {
        group: 1,
        number: 1,
        replies: [`${ann} failed `, answerOf(bob).replace('of', 'for')],
      }),
    ],
    [
      'Q2',
      'somebody is missing, and nobody gave up',
      answered(asked(), bob).add(ann, 'replies', {
        group: 1,
        number: 1,
        replies: [`${ann} missing `, answerOf(bob)],
      }),
    ],
    ['Q2', 'all have answered, and it is open', answered(answered(asked(), ann), bob).end()],
    [
      'B1',
      'a read is behind a set',
      responded(
        invoked(
          responded(invoked(new Story().begin(), 'a/1', 'set', 'v'), 'a/1', 'v', 1),
          'a/2',
          'read',
        ),
        'a/2',
        '',
        0,
      ),
    ],
    [
      'B2',
      'the second in the queue is granted the lock',
      claimed()
        .add(ann, 'granted', { ...granted, count: 2, owner: bob, fence: 1 })
        .end(),
    ],
    [
      'B2',
      'one fence, two holders',
      claimed()
        .add(ann, 'granted', { ...granted, count: 1, owner: ann, fence: 1 })
        .add(bob, 'granted', { ...granted, count: 1, owner: bob, fence: 1 })
        .end(),
    ],
  ];

  test.each(planted)('%s: %s', (property, _what, story) => {
    expect(story.violated).toContain(property);
  });
});

test('who is cut off may be told what nobody else is told of, but not behind a safe message', () => {
  const cutOff = (safe: boolean): readonly string[] => {
    const story = new Story().begin().said(bob).said(ann, { safe });
    story.told(bob, { message: `${bob}/1` }).told(bob, { count: 2, state: 'with both' });
    story.add(bob, 'crashed', {}).told(ann, { state: 'with one' });
    const gone = { joined: [], excluded: [bob], members: [ann], labels: ['member 1'] };
    return story.view(ann, { view: 3, ...gone }).violated;
  };
  expect(cutOff(false)).toEqual([]);
  expect(cutOff(true)).toContain('M1');
});
