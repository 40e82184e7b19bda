/** What is said to a member that has joined and does not hold the state yet, and is not in the state. */
import { expect, test } from 'vitest';
import { keptBytesMax } from '../../src/core/index.ts';
import { Order, type OrderedMember } from './order.ts';

/** Two members, and eve, who has joined at ann's marker; ann will not give the state. */
function joining(): [Order, OrderedMember, OrderedMember, OrderedMember] {
  const order = new Order();
  const [ann, bob] = [order.start('ann'), order.start('bob')];
  order.settle();
  const eve = order.start('eve');
  while (eve.hear());
  eve.say();
  while (ann.hear());
  ann.say();
  for (const member of [eve, ann, bob]) while (member.hear());
  expect(bob.core.members).toHaveLength(3);
  expect(eve.hasState).toBe(false);
  return [order, ann, bob, eve];
}

const heard = (member: OrderedMember): string[] =>
  member.told.flatMap((effect) =>
    effect.kind === 'message' ? [Buffer.from(effect.bytes).toString()] : [],
  );

test('M2 what is sent to a joiner is given to it, though another marker follows', () => {
  const [order, ann, bob, eve] = joining();
  bob.core.send([eve.id], 'talk', Buffer.from('one'));
  bob.multicast('to all');
  bob.say();
  bob.say();
  while (eve.hear());
  order.remove(ann, 'crashed');
  bob.core.send([eve.id], 'talk', Buffer.from('two'));
  order.settle();
  expect(heard(eve)).toEqual(['one', 'two']);
  const kinds = eve.told.map(({ kind }) => kind);
  expect(kinds.indexOf('message')).toBeGreaterThan(kinds.indexOf('view'));
  expect(eve.state).toEqual(bob.state);
});

test('M2 it is not given what a member sent that has gone meanwhile', () => {
  const [order, ann, bob, eve] = joining();
  ann.core.send([eve.id], 'talk', Buffer.from('one'));
  ann.say();
  while (eve.hear());
  order.remove(ann, 'crashed');
  order.settle();
  expect(heard(eve)).toEqual([]);
  expect(eve.told.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
  expect(eve.state).toEqual(bob.state);
});

test('Q2 a request is answered by a joiner, though another marker follows', () => {
  const [order, ann, bob, eve] = joining();
  for (const member of [bob, eve]) {
    member.onRequest = ({ asker, number }) =>
      member.core.answer(asker, number, Buffer.from(member.label));
  }
  bob.core.ask('all', 'talk', new Uint8Array(), 'all');
  bob.say();
  while (eve.hear());
  order.remove(ann, 'crashed');
  order.settle();
  expect(bob.told.at(-1)).toMatchObject({
    kind: 'replies',
    replies: [{ kind: 'gone' }, { kind: 'answered' }, { kind: 'answered' }],
  });
});

test('M2 a joiner keeps of it what it has room for', () => {
  const [order, ann, bob, eve] = joining();
  const long = new Uint8Array(keptBytesMax / 4);
  for (let n = 0; n < 5; n += 1) {
    bob.core.send([eve.id], 'talk', long);
    bob.say();
  }
  while (eve.hear());
  order.remove(ann, 'crashed');
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(heard(eve)).toHaveLength(3);
});
