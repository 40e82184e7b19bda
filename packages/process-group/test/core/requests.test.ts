import { expect, test } from 'vitest';
import type { CoreEffect } from '../../src/core/index.ts';
import { Order, type OrderedMember } from './order.ts';

function group(): [Order, OrderedMember, OrderedMember, OrderedMember] {
  const order = new Order();
  const [ann, bob, eve] = [order.start('ann'), order.start('bob'), order.start('eve')];
  order.settle();
  return [order, ann, bob, eve];
}

function answering(member: OrderedMember): void {
  member.onRequest = ({ asker, number, bytes }) => {
    member.core.answer(asker, number, Buffer.from(`${member.label} says ${Buffer.from(bytes)}`));
  };
}

/** How the requests of a member ended, as text. */
function ends(member: OrderedMember): string[] {
  const isEnd = (effect: CoreEffect) => effect.kind === 'replies';
  return member.told.filter(isEnd).map(({ replies }) =>
    replies
      .map((reply) => {
        const text = reply.kind === 'answered' ? Buffer.from(reply.bytes).toString() : reply.kind;
        return `${reply.member.label}: ${text}`;
      })
      .join(', '),
  );
}

test('Q2 a request to all ends when all have answered', () => {
  const [order, ann, bob, eve] = group();
  for (const member of [ann, bob, eve]) answering(member);
  ann.core.ask('all', 'talk', Buffer.from('hi'), 'all');
  order.settle();
  expect(ends(ann)).toEqual(['ann: ann says hi, bob: bob says hi, eve: eve says hi']);
  expect(ends(bob)).toEqual([]);
});

test('Q2 the first answer, or those of a majority, are enough where they are wanted', () => {
  const [order, ann, bob, eve] = group();
  answering(bob);
  ann.core.ask('others', 'talk', Buffer.from('hi'), 'first');
  order.settle();
  expect(ends(ann)).toEqual(['bob: bob says hi, eve: missing']);
  ann.core.ask('all', 'talk', Buffer.from('ho'), 'majority');
  order.settle();
  expect(ends(ann)).toHaveLength(1);
  answering(eve);
  eve.core.answer(ann.id, 2, Buffer.from('late'));
  order.settle();
  expect(ends(ann)[1]).toBe('ann: missing, bob: bob says ho, eve: late');
});

test('Q2 who leaves the view is gone, who is not waited for is missing, who fails has failed', () => {
  const [order, ann, bob, eve] = group();
  bob.onRequest = ({ asker, number }) => bob.core.fail(asker, number, 'no');
  const number = ann.core.ask('all', 'talk', Buffer.from('hi'), 'all');
  order.settle();
  order.remove(eve, 'crashed');
  order.settle();
  ann.core.giveUp(number ?? 0);
  ann.perform();
  expect(ends(ann)).toEqual(['ann: missing, bob: failed, eve: gone']);
});

test('Q1 a second answer is refused, and so is one to whoever is gone', () => {
  const [order, ann, bob, eve] = group();
  const answers: boolean[] = [];
  bob.onRequest = ({ asker, number }) => {
    for (const text of ['one', 'two']) {
      answers.push(bob.core.answer(asker, number, Buffer.from(text)));
    }
  };
  ann.core.ask([bob.id], 'talk', Buffer.from('hi'), 'all');
  const number = ann.core.ask([eve.id], 'talk', Buffer.from('hi'), 'all');
  order.settle();
  order.remove(ann, 'crashed');
  order.settle();
  answers.push(eve.core.answer(ann.id, number ?? 0, Buffer.from('too late')));
  expect(answers).toEqual([true, false, false]);
});

test('Q2 a request to nobody who is there is over at once', () => {
  const [order, ann] = group();
  ann.core.ask([], 'talk', Buffer.from('hi'), 'all');
  order.settle();
  expect(ends(ann)).toEqual(['']);
});

test('M2 a message to some reaches them alone', () => {
  const [order, ann, bob, eve] = group();
  ann.core.send([eve.id], 'talk', Buffer.from('psst'));
  order.settle();
  const heard = (member: OrderedMember) =>
    member.told.filter(({ kind }) => kind === 'message').length;
  expect([ann, bob, eve].map(heard)).toEqual([0, 0, 1]);
});
