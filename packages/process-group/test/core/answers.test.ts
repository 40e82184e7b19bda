/** Q4: answers of a member that has no room to say them. */
import { expect, test } from 'vitest';
import { answersBytesMax, failuresBytesMax } from '../../src/core/index.ts';
import { Outgoing } from '../../src/core/outgoing.ts';
import { Order, type OrderedMember } from './order.ts';

const long = new Uint8Array(4 * 1024 ** 2);
const fitting = answersBytesMax / long.length;

/** Ann asks bob, who can say nothing for now. */
function group(): {
  readonly order: Order;
  readonly ann: OrderedMember;
  readonly bob: OrderedMember;
} {
  const order = new Order();
  const [ann, bob] = [order.start('ann'), order.start('bob')];
  order.settle();
  bob.isSilent = true;
  return { order, ann, bob };
}

function ask(ann: OrderedMember, bob: OrderedMember, count: number): void {
  for (let n = 0; n < count; n += 1) ann.core.ask([bob.id], 'talk', new Uint8Array(1), 'all');
}

/** How often ann was told of each kind of reply. */
function replies(ann: OrderedMember): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const effect of ann.told) {
    if (effect.kind !== 'replies') continue;
    for (const { kind } of effect.replies) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

test('Q4 while too many answers wait, requests fail, and the application is not asked', () => {
  const { order, ann, bob } = group();
  let asked = 0;
  bob.onRequest = ({ asker, number }) => {
    asked += 1;
    bob.core.answer(asker, number, long);
  };
  ask(ann, bob, fitting + 10);
  order.settle();
  expect(asked).toBe(fitting);
  bob.isSilent = false;
  order.settle();
  expect(replies(ann)).toEqual({ answered: fitting, failed: 10 });
});

test('Q4 an answer that is long in coming and finds no room has failed', () => {
  const { order, ann, bob } = group();
  const open: (() => boolean)[] = [];
  bob.onRequest = ({ asker, number }) => {
    open.push(() => bob.core.answer(asker, number, long));
  };
  ask(ann, bob, fitting + 10);
  order.settle();
  expect(open).toHaveLength(fitting + 10);
  for (const answer of open) expect(answer()).toBe(true);
  bob.isSilent = false;
  order.settle();
  expect(replies(ann)).toEqual({ answered: fitting, failed: 10 });
});

test('Q4 whose answers wait hears what the others say, and answers again when there is room', () => {
  const { order, ann, bob } = group();
  bob.onRequest = ({ asker, number }) => void bob.core.answer(asker, number, long);
  ask(ann, bob, fitting + 10);
  order.settle();
  ann.multicast('hello');
  order.settle();
  expect(bob.told).toContainEqual(expect.objectContaining({ kind: 'message' }));
  bob.isSilent = false;
  order.settle();
  ask(ann, bob, 1);
  order.settle();
  expect(replies(ann)).toEqual({ answered: fitting + 1, failed: 10 });
});

test('Q4 what waits is bounded, failures included', () => {
  const outgoing = new Outgoing();
  const submission = { bytes: new Uint8Array(1_024), safe: false };
  while (outgoing.hasRoomForFailure) outgoing.push(submission);
  expect(outgoing.length * submission.bytes.length).toBeLessThan(failuresBytesMax);
  expect(outgoing.hasRoomForAnswer).toBe(false);
  while (outgoing.shift() !== undefined);
  expect(outgoing.hasRoomForAnswer).toBe(true);
});
