/**
 * Who was left behind where the survivors were first given a change of the same configuration. Ada, Bob and Dora are members.
 * Bob's message at 30 reaches nobody; Ada's at 32, and her AddProcessor for Cleo at 33, reach him by way of Cleo. Ada and Dora
 * go on without him and Cleo.
 */
import { expect, test } from 'vitest';
import { type Delivery, ViewsJudge } from '../../src/views/index.ts';
import { group, Story } from './story.ts';

const [ada, bob, cleo, dora] = ['1.aa', '2.bb', '3.cc', '4.dd'];
const members = [ada, bob, dora];
const survivors = [ada, dora];

type Course = {
  readonly delivery?: Delivery;
  /** What all have acknowledged before the others give Bob up. */
  readonly acked?: number;
  /** Who gives Bob up only when it was given the view of the change, in the order. */
  readonly late?: readonly string[];
};

function properties({ delivery = 'agreed', acked = 10, late = [] }: Course): ReadonlySet<string> {
  const story = new Story();
  story.start(ada, bob, cleo, dora);
  story.view('1/1', [ada], ['first']);
  story.make(ada, 10);
  story.view('10/1', [ada, bob], ['added', 'joined']);
  story.make(ada, 11);
  story.store(11, bob);
  story.view('11/1', members, ['added', 'added', 'joined'], {
    [ada]: [ada, bob],
    [bob]: [ada, bob],
  });
  story.multicast(ada, 20, members);
  story.send(bob, 30, delivery);
  story.deliver(30, bob);
  story.send(ada, 32);
  story.make(ada, 33);
  for (const timestamp of [32, 33]) story.store(timestamp, bob, cleo, dora);
  story.deliver(32, bob);
  story.ack(acked, ...members);
  for (const node of survivors) {
    const convict = (): void => {
      for (const who of [bob, cleo]) story.say(node, { kind: 'convicted', group, who });
    };
    if (!late.includes(node)) convict();
    story.deliver(32, node);
    const change = { view: '33/1', members: [...members, cleo], transitional: members } as const;
    story.say(node, { kind: 'view', group, ...change, primary: true, cause: 'added' });
    if (late.includes(node)) convict();
  }
  story.view('40/1', survivors, ['fault', 'fault']);
  for (const node of [...members, cleo]) story.say(node, { kind: 'stopped' });
  const judge = new ViewsJudge();
  for (const record of story.records) judge.see(record);
  return new Set(judge.finish().map(({ property }) => property));
}

test('what it was given beyond the survivors may stand before what all were given', () => {
  expect(properties({})).toEqual(new Set());
});

test('but no safe message', () => {
  expect(properties({ delivery: 'safe' })).toContain('S29');
});

test('nor what all had acknowledged', () => {
  expect(properties({ acked: 30 })).toContain('S29');
});

test.each([
  ['all survivors were', survivors],
  ['one survivor was', [dora]],
])('where %s given the change in the order, nobody is left behind by it', (_, late) => {
  expect(properties({ late })).toContain('S19');
});
