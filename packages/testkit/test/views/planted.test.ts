/** Every checker finds what is planted in the clean story: one change, one property. */
import { expect, test } from 'vitest';
import { ViewsJudge } from '../../src/views/index.ts';
import { ada, bob, bobAgain, cleanStory, cleo, cleoAgain } from './clean-story.ts';
import {
  all,
  change,
  delayFrom,
  drop,
  insertAfter,
  like,
  moveAfter,
  type Plant,
  type Where,
} from './plant.ts';
import { group } from './story.ts';

const at = (timestamp: number, node: string): Where => like({ kind: 'delivered', timestamp, node });
const viewAt = (view: string, node: string): Where => like({ kind: 'view', view, node });
const storedAt = (timestamp: number, node: string): Where =>
  like({ kind: 'stored', timestamp, node });
const sentAt = (timestamp: number): Where => like({ kind: 'sent', data: `#${timestamp}` });
const delivered = { kind: 'delivered', group, delivery: 'agreed' } as const;
const stray = { ...delivered, message: '1.aa/9', sender: ada, data: '#0', timestamp: 77 };
const between = { kind: 'connection', group, connection: 'shop', client: 'till', server: 'stock' };
const retransmission = {
  kind: 'transmitted',
  group,
  type: 'Regular',
  bytes: 9,
  retransmission: true,
};
/** Two messages of two senders that depend on neither, given to Bob in the other order. */
const crossed = moveAfter(at(31, bob), at(32, bob));

const planted: readonly (readonly [property: string, what: string, plant: Plant])[] = [
  ['S1', 'a view without its receiver', change(viewAt('55/1', bob), { members: [ada] })],
  ['S2', 'a view with an earlier id', change(viewAt('20/2', ada), { view: '9/1' })],
  [
    'S2',
    'a view of the same time by a lower processor',
    change(viewAt('20/2', ada), { view: '10/0' }),
  ],
  [
    'S3',
    'a message before the first view',
    moveAfter(sentAt(15), like({ kind: 'started', node: bob })),
  ],
  [
    'S3',
    'a delivery after the exclusion',
    insertAfter(like({ kind: 'excluded' }), { ...stray, timestamp: 85 }),
  ],
  ['S4', 'a list that differs', change(viewAt('55/1', bob), { members: [ada, bob, cleo] })],
  ['S4', 'a mark that differs', change(viewAt('80/1', cleoAgain), { primary: false })],
  [
    'S5',
    'two successors of one view',
    insertAfter(like({ kind: 'paused' }), {
      kind: 'view',
      group,
      view: '79/2',
      members: [bob],
      primary: true,
      transitional: [bob],
      cause: 'fault',
    }),
  ],
  ['S5', 'two predecessors of one view', drop(viewAt('55/1', ada))],
  [
    'S5',
    'a second first view',
    insertAfter(viewAt('110/4', ada), {
      node: '5.ee',
      kind: 'view',
      group,
      view: '130/5',
      members: ['5.ee'],
      primary: true,
      transitional: ['5.ee'],
      cause: 'first',
    }),
  ],
  ['S6', 'a message that nobody sent', drop(sentAt(31))],
  ['S6', 'other content', change(at(31, bob), { data: '#30' })],
  ['S6', 'another service', change(at(31, bob), { delivery: 'safe' })],
  ['S6', 'another sender', change(at(31, bob), { sender: cleo })],
  ['S6', 'a delivery before the sending', moveAfter(sentAt(31), at(32, cleo))],
  [
    'S7',
    'a message that comes twice',
    insertAfter(at(32, bob), {
      ...delivered,
      message: '2.bb/2',
      sender: bob,
      data: '#32',
      timestamp: 32,
    }),
  ],
  ['S9', 'a message in two views', moveAfter(at(60, bob), viewAt('65/1', bob))],
  ['S10', 'a message that one of two was not given', drop(at(60, ada))],
  ['S11', 'a set without the process', change(viewAt('55/1', bob), { transitional: [ada] })],
  ['S11', 'a set that lacks a companion', change(viewAt('55/1', bob), { transitional: [bob] })],
  [
    'S11',
    'a set with a newcomer',
    change(viewAt('65/1', bob), { transitional: [ada, bob, cleoAgain] }),
  ],
  [
    'S11',
    'a set with one who is gone',
    change(viewAt('55/1', bob), { transitional: [ada, bob, cleo] }),
  ],
  ['S13', 'two messages of one sender, turned round', moveAfter(at(36, bob), at(37, bob))],
  ['S14', 'a gap', drop(at(36, cleo))],
  ['S14', 'a gap before the first', drop(at(31, cleo))],
  ['S15', 'an answer before its question', moveAfter(at(32, bob), at(35, bob))],
  ['S16', 'an answer without its question', drop(at(32, ada))],
  ['S17', 'two orders', crossed],
  ['S18', 'two orders before one view', crossed],
  ['S19', 'a hole', drop(at(35, bob))],
  ['S19', 'two orders in one view', crossed],
  ['S20', 'a timestamp that differs', change(at(36, cleo), { timestamp: 38 })],
  ['S20', 'another order', crossed],
  [
    'S20',
    'an answer with an earlier timestamp',
    change(like({ kind: 'delivered', timestamp: 60 }), { timestamp: 51 }),
  ],
  [
    'S20',
    'an earlier timestamp of the same sender',
    change(like({ kind: 'delivered', timestamp: 85 }), { timestamp: 74 }),
  ],
  ['S21', 'a safe message that a member lacks', drop(storedAt(37, bob))],
  ['S21', 'a safe message before an unstable one', drop(storedAt(36, bob))],
  ['S21', 'a safe message that a member is not given', drop(at(37, bob))],
  [
    'S21',
    'a safe message that the dead lack, too early',
    moveAfter(at(52, ada), storedAt(52, bob)),
  ],
  ['S22', 'an ack of what is not there', drop(storedAt(36, bob))],
  [
    'S22',
    'an ack of what is yet to come',
    change(like({ kind: 'acked', ack: 36, node: bob }), { ack: 50 }),
  ],
  ['S23', 'a release of what a member lacks', drop(storedAt(60, ada))],
  [
    'S23',
    'a release of what nobody had',
    insertAfter(at(60, ada), { kind: 'released', group, source: ada, seq: 99 }),
  ],
  ['S24', 'an own message that only others are given', drop(at(60, bob))],
  ['S24', 'an own message that is passed over', drop(at(36, ada))],
  ['S27', 'a view at two places', moveAfter(at(60, bob), viewAt('65/1', bob))],
  ['S28', 'a newcomer that begins later', drop(at(31, cleo))],
  ['S28', 'a view before its place', moveAfter(at(60, bob), viewAt('65/1', bob))],
  ['S28', 'a view behind its place', moveAfter(viewAt('65/1', bob), at(70, bob))],
  ['S29', 'more than the survivors, safe', change(like({ data: '#76' }), { delivery: 'safe' })],
  [
    'S29',
    'more than the survivors, stable',
    insertAfter(
      storedAt(51, cleo),
      ...[ada, bob, cleo].map((node) => ({ node, kind: 'acked', group, ack: 51 })),
    ),
  ],
  ['S29', 'no prefix', drop(at(70, bob))],
  [
    'S30',
    'a second connection',
    insertAfter(like({ kind: 'connection', state: 'moved', node: bob }), {
      ...between,
      connection: 'shop-2',
      state: 'opened',
      address: 'there',
      barrier: 41,
    }),
  ],
  [
    'S30',
    'one connection at two addresses',
    change(like({ kind: 'connection', state: 'opened', node: bob }), { address: 'elsewhere' }),
  ],
  [
    'S30',
    'a move of what is not open',
    drop(like({ kind: 'connection', state: 'opened', node: bob })),
  ],
  [
    'S30',
    'a request that is processed twice',
    change(like({ kind: 'request', node: bob }), { processed: true }),
  ],
  [
    'S31',
    'a message before all were heard',
    drop(like({ kind: 'heard', node: ada, source: cleo })),
  ],
  [
    'S31',
    'a member heard before the barrier only',
    change(like({ kind: 'heard', node: ada, source: bob }), { timestamp: 40 }),
  ],
  [
    'S31',
    'a late message at the old address',
    change(like({ direction: 'reply' }), { address: 'here' }),
  ],
  ['S32', 'a message of an old incarnation', moveAfter(at(50, bob), viewAt('65/1', bob))],
  [
    'S33',
    'another cut in the same round',
    change(like({ kind: 'accepted', node: bob }), { cut: [`${cleo}:2`] }),
  ],
  [
    'S33',
    'another end accepted in a round after the decision',
    change(like({ kind: 'accepted', node: bob }), { round: 2, view: '56/1' }),
  ],
  [
    'S33',
    'another decision in a later round',
    change(like({ kind: 'decided', node: bob }), { round: 2, view: '56/1' }),
  ],
  ['S34', 'a message for who is blocked', insertAfter(at(31, bob), { kind: 'blocked', group })],
  [
    'S34',
    'a view for who is blocked',
    insertAfter(like({ kind: 'decided', node: bob }), { kind: 'blocked', group }),
  ],
  ['L1', 'two last views', drop(viewAt('110/4', cleoAgain))],
  ['L1', 'a member that is not there', change(like({ kind: 'stable' }), { members: ['1', '2'] })],
  [
    'L1',
    'somebody who is missing',
    change(like({ kind: 'stable' }), { members: ['1', '2', '3', '4'] }),
  ],
  ['L2', 'a message that one never gets', drop(at(120, ada))],
  ['L2', 'a message that nobody gets', drop(like({ kind: 'delivered', timestamp: 121 }))],
  ['L3', 'an own message that never comes', drop(at(121, ada))],
  ['L4', 'a safe message that one never gets', drop(at(121, bobAgain))],
  [
    'L6',
    'a conviction of the living',
    insertAfter(at(36, ada), { kind: 'convicted', group, who: bob }),
  ],
  [
    'L7',
    'something left in the end',
    change(like({ kind: 'buffered', messages: 0, node: ada }), { messages: 1 }),
  ],
  ['L7', 'too much', change(like({ kind: 'buffered', messages: 3 }), { messages: 11 })],
  ['L7', 'too many bytes', change(like({ kind: 'buffered', messages: 3 }), { bytes: 1_001 })],
  [
    'L8',
    'a storm',
    insertAfter(
      like({ kind: 'lost' }),
      ...Array.from({ length: 4 }, () => ({ ...retransmission, node: ada })),
    ),
  ],
  ['L9', 'a late view', delayFrom(viewAt('55/1', ada), 200)],
  [
    'L9',
    'a survivor that never notices',
    drop(
      (record) =>
        record.kind === 'view' && record.node === ada && !/^(1|10|20)\//u.test(record.view),
    ),
  ],
  [
    'L10',
    'one who never returns',
    drop((record) => record.kind === 'view' && record.node === bobAgain),
  ],
  ['L10', 'a return too late', delayFrom(viewAt('110/4', ada), 600)],
];

const bounds = {
  bufferedMessagesMax: 10,
  bufferedBytesMax: 1_000,
  retransmissionsPerLossMax: 2,
  retransmissionsFree: 1,
  detectionMsMax: 100,
  returnMsMax: 500,
};

/** Bob's pause and what follows is no calm run: without him L6 has nothing to say. */
const calm: Plant = all(
  drop(like({ who: bob })),
  drop(like({ kind: 'excluded' })),
  change(like({ kind: 'paused' }), { kind: 'crashed' }),
);

function violationsOf(plant: Plant, isCalm: boolean): readonly string[] {
  const judge = new ViewsJudge({ ...bounds, calm: isCalm });
  for (const record of plant(cleanStory().records)) judge.see(record);
  return judge.finish().map(({ property }) => property);
}

test.each(planted)('%s %s', (property, _, plant) => {
  const isCalm = property === 'L6';
  const changed = isCalm ? all(calm, plant) : plant;
  expect(violationsOf(changed, isCalm)).toContain(property);
});

test('L6 has nothing to say of a calm run, and much of a false exclusion', () => {
  expect(violationsOf(calm, true)).not.toContain('L6');
  // Two convictions, two views, and the word that Bob was excluded.
  const found = violationsOf((records) => records, true);
  expect(found).toEqual(['L6', 'L6', 'L6', 'L6', 'L6']);
});

test('every property has a planted violation', () => {
  const numbers = (name: string, from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => `${name}${from + index}`);
  const properties = [
    ...numbers('S', 1, 7),
    ...numbers('S', 9, 11),
    ...numbers('S', 13, 24),
    ...numbers('S', 27, 34),
    ...numbers('L', 1, 4),
    ...numbers('L', 6, 10),
  ];
  expect([...new Set(planted.map(([property]) => property))]).toEqual(properties);
});
