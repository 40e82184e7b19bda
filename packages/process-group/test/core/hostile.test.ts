import { UnencodableError } from '@choir/bytes';
import { expect, test } from 'vitest';
import { encode } from '../../src/core/codec.ts';
import { Order } from './order.ts';

test('M4 what cannot be read, or comes from who is not in the view, is told and passed over by all', () => {
  const order = new Order();
  const [ann, bob] = [order.start('ann'), order.start('bob')];
  order.settle();
  const stranger = order.start('eve', { name: 'choir' });
  order.settle();
  order.multicast(bob.id, new Uint8Array([250, 1, 2]));
  order.multicast(bob.id, new Uint8Array());
  order.multicast(
    stranger.id,
    encode({ kind: 'multicast', channel: 'talk', bytes: new Uint8Array(3) }),
  );
  ann.multicast('still here');
  order.settle();
  const unreadable = ann.told.filter(({ kind }) => kind === 'unreadable');
  expect(unreadable).toHaveLength(3);
  expect(ann.state).toEqual(bob.state);
  expect(ann.state.at(-1)).toContain('still here');
});

test('T3 pieces that do not add up are not taken', () => {
  const order = new Order();
  const [ann, bob] = [order.start('ann'), order.start('bob')];
  order.settle();
  const eve = order.start('eve');
  for (const member of [eve, ann, bob]) while (member.hear());
  eve.say();
  while (ann.hear());
  ann.say();
  // An insider that sends a piece beside those of the snapshot.
  order.multicast(ann.id, encode({ kind: 'piece', transfer: 2, bytes: new Uint8Array(9) }));
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(bob.told.some(({ kind }) => kind === 'snapshot')).toBe(true);
});

test('a label with half a surrogate pair cannot be said', () => {
  const order = new Order();
  order.start('ann');
  expect(() => {
    order.start('\ud800');
    order.settle();
  }).toThrow(UnencodableError);
});
