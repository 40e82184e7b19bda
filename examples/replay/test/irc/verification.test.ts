import { expect, test } from 'vitest';
import { digestOf, type Event, type Logged, type Participant } from '../../src/irc/record.ts';
import { scriptOf } from '../../src/irc/script.ts';
import { verify } from '../../src/irc/verification.ts';

const script = scriptOf(
  [
    '[10:00] <ann> one',
    '[10:00] <bob> two',
    '[10:00] <ann> three',
    '=== bob [b@h] has left #c',
  ].join('\n'),
);

function bcast(senderId: string, text: string): Event {
  return { kind: 'bcast', senderId, data: new TextEncoder().encode(text) };
}

function newMember(clientId: string, name: string): Event {
  return { kind: 'new_member', clientId, name };
}

function wentAway(clientId: string): Event {
  return { kind: 'disconnected_member', clientId };
}

function rejoined(clientId: string): Event {
  return { kind: 'rejoined_member', clientId };
}

function left(clientId: string, cause = 'left'): Event {
  return { kind: 'non_member', clientId, cause };
}

const story: readonly (readonly Event[])[] = [
  [newMember('c-0', 'ann')],
  [bcast('c-0', 'one')],
  [newMember('c-1', 'bob')],
  [bcast('c-1', 'two')],
  [wentAway('c-0')],
  [rejoined('c-0')],
  [bcast('c-0', 'three')],
  [left('c-1')],
];

function logOf(entries: readonly (readonly Event[])[]): readonly Logged[] {
  return entries.map((events, index) => ({ seq: 10 + index, events, digest: digestOf(events) }));
}

/** Everybody received what the log says. */
function faithful(log: readonly Logged[]): readonly Participant[] {
  return [
    {
      clientId: 'c-0',
      present: true,
      stays: [{ joinedAt: 10, received: log.filter(({ seq }) => seq > 10), leftAway: false }],
    },
    {
      clientId: 'c-1',
      present: false,
      stays: [
        {
          joinedAt: 12,
          received: log.filter(({ seq }) => seq > 12 && seq < 17),
          leftAway: false,
        },
      ],
    },
  ];
}

function failing(participants: readonly Participant[], log: readonly Logged[]) {
  return verify(script, participants, log)
    .filter((row) => 'verified' in row && !row.verified)
    .map(({ name }) => name);
}

const log = logOf(story);

test('what the file says, received by all in one order, is verified', () => {
  expect(failing(faithful(log), log)).toEqual([]);
});

test('a line that is missing, doubled or out of its order is found', () => {
  for (const bent of [
    story.toSpliced(3, 1),
    story.toSpliced(4, 0, [bcast('c-1', 'two')]),
    [...story.slice(0, 1), [bcast('c-0', 'three')], ...story.slice(2, 6), [bcast('c-0', 'one')]],
  ]) {
    expect(failing(faithful(logOf(bent)), logOf(bent))).toContain('every line once, in order');
  }
});

test('a message of nobody is found', () => {
  const bent = logOf([...story, [bcast('c-9', 'spam')]]);
  expect(failing(faithful(bent), bent)).toContain('every line once, in order');
});

test('a member that missed, doubled or swapped a delivery is found', () => {
  for (const bend of [
    (received: Logged[]) => received.toSpliced(2, 1),
    (received: Logged[]) => received.toSpliced(2, 0, ...received.slice(1, 2)),
    (received: Logged[]) => received.toSpliced(1, 2, ...received.slice(1, 3).toReversed()),
    (received: Logged[]) => received.slice(0, -1),
    (received: Logged[]) => received.with(1, { ...(received[1] ?? log[0]), digest: 1 } as Logged),
  ]) {
    const [ann, bob] = faithful(log);
    if (ann === undefined || bob === undefined) throw new Error('two participants');
    const received = bend(log.filter(({ seq }) => seq > 10));
    const bent = [{ ...ann, stays: [{ joinedAt: 10, received, leftAway: false }] }, bob];
    expect(failing(bent, log)).toEqual(['same order at all members']);
  }
});

test('a member that was taken for gone while it was away is found', () => {
  const bent = logOf(story.with(7, [left('c-1', 'timeout')]));
  expect(failing(faithful(bent), bent)).toEqual(['membership as in the file']);
});

test('who leaves while away may have missed what came since, and nothing before', () => {
  const [ann, bob] = faithful(log);
  if (ann === undefined || bob === undefined) throw new Error('two participants');
  const all = log.filter(({ seq }) => seq > 12 && seq < 17);
  const staying = (received: readonly Logged[], leftAway: boolean) => [
    ann,
    { ...bob, stays: [{ joinedAt: 12, received, leftAway }] },
  ];
  expect(failing(staying(all.slice(0, -1), true), log)).toEqual([]);
  expect(failing(staying(all.slice(0, -1), false), log)).toEqual(['same order at all members']);
  expect(failing(staying(all.toSpliced(1, 1), true), log)).toEqual(['same order at all members']);
});
