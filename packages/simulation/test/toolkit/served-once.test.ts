/** The checker of B4 finds a violation that was planted in a story told by hand, and nothing where nothing is wrong. */
import { describe, expect, test } from 'vitest';
import type { RecordKind, Records } from '../../src/toolkit/vocabulary.ts';
import { ann, bob, Story } from './story.ts';

type Left = Partial<Readonly<Record<`${string} ${RecordKind}`, object>>>;

/** Stands for a record that is left out. */
const out = {};
const one = { connection: 'c1', number: 1 } as const;
const nothing = { taken: ['c1 0'], waiting: [], replies: [] } as const;

/** Ann asks, both serve, ann's reply is first. `changes`: to the record of a kind at a node; `out` leaves it out. */
function called(changes: Left = {}): Story {
  const story = new Story();
  const add = <Kind extends RecordKind>(node: string, kind: Kind, fields: Records[Kind]): void => {
    const change = changes[`${node === ann ? 'ann' : 'bob'} ${kind}`];
    if (change !== out) story.add(node, kind, { ...fields, ...change });
  };
  story.begin();
  for (const node of [ann, bob]) {
    add(node, 'connected', { group: 1, view: 2, count: 0, serves: true, ...nothing });
  }
  add(ann, 'called', { group: 1, call: `${ann}/1`, ...one });
  say(story, ann, 1, 'request');
  for (const [node, reply] of [
    [ann, 'of-ann'],
    [bob, 'of-bob'],
  ] as const) {
    add(node, 'served', { group: 1, view: 2, count: 1, ...one, reply, total: 1 });
    story.told(node, { message: `${ann}/1`, channel: 'service' });
    say(story, node, node === ann ? 2 : 1, 'reply', reply);
  }
  for (const node of [ann, bob]) {
    add(node, 'replied', { group: 1, view: 2, count: 2, ...one, data: 'of-ann' });
    story.told(node, { message: `${ann}/2`, count: 2, channel: 'service' });
    story.told(node, { message: `${bob}/1`, count: 3, channel: 'service' });
  }
  add(ann, 'ended', { group: 1, call: `${ann}/1`, how: 'replied', data: 'of-ann' });
  return story.end();
}

function say(
  story: Story,
  node: string,
  n: number,
  operation: 'request' | 'reply',
  data = 'ask',
): void {
  const message = `${node}/${n}`;
  const count = operation === 'request' ? 0 : 1;
  story.said(node, { message, channel: 'service', safe: true, count });
  story.add(node, 'connection', { group: 1, message, operation, ...one, closings: 0, data });
}

test('nothing is found where nothing is wrong', () => {
  expect(called().violated).toEqual([]);
});

describe('what is wrong is found', () => {
  const planted: readonly [what: string, changes: Left][] = [
    ['a service is not given a request', { 'bob served': out }],
    ['a service is given another request', { 'bob served': { number: 2 } }],
    ['a service is given it at another place', { 'bob served': { count: 0 } }],
    ['a member that only asks serves', { 'bob connected': { serves: false } }],
    ['a state has the effects of a request twice', { 'bob served': { total: 2 } }],
    ['two take different replies', { 'bob replied': { data: 'of-bob' } }],
    ['a reply is not taken', { 'bob replied': out }],
    ['a call ends with what is no reply', { 'ann ended': { data: 'of-bob' } }],
    ['a call does not end', { 'ann ended': out }],
    ['a joiner does not know what waits', { 'bob connected': { waiting: ['c1 1'] } }],
    ['a joiner does not know what was taken', { 'bob connected': { taken: ['c1 1'] } }],
    ['a joiner knows a reply that nobody has', { 'bob connected': { replies: ['c1 1 x'] } }],
  ];

  test.each(planted)('B4: %s', (_what, changes) => {
    expect(called(changes).violated).toContain('B4');
  });
});

describe('who joins behind a request that waits', () => {
  /** Ann has only asked or serves, too; bob joins at the place behind the request, and serves. */
  function joined(isServer: boolean, isGiven: boolean): readonly string[] {
    const story = new Story().begin();
    story.add(ann, 'connected', { group: 1, view: 2, count: 0, serves: isServer, ...nothing });
    say(story, ann, 1, 'request');
    const at = { group: 1, view: 2, count: 1 } as const;
    const served = { ...at, ...one, reply: 'r', total: 0 };
    if (isServer) story.add(ann, 'served', served);
    story.told(ann, { channel: 'service' });
    story.add(ann, 'snapshot', { ...at, state: '2:1', transfer: 1 });
    story.add(bob, 'restored', { ...at, state: '2:1', taken: true });
    const known = { taken: ['c1 1'], waiting: ['c1 1'], replies: [] } as const;
    story.add(bob, 'connected', { ...at, serves: true, ...known });
    if (isGiven) story.add(bob, 'served', served);
    return story.violated;
  }

  test('is given it when its state comes from a member that only asks', () => {
    expect(joined(false, true)).toEqual([]);
    expect(joined(false, false)).toEqual(['B4']);
  });

  test('is not given it when its state comes from a member that was', () => {
    expect(joined(true, false)).toEqual([]);
    expect(joined(true, true)).toEqual(['B4']);
  });
});
