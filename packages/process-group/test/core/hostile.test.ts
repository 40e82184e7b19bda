import { UnencodableError } from '@choir/bytes';
import { processorId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { encode } from '../../src/core/codec.ts';
import { requestsMax } from '../../src/core/index.ts';
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

test('R1 a member that finds processors unable which never were does not keep others out', () => {
  const order = new Order();
  const [ann, bob] = [order.start('ann'), order.start('bob')];
  order.settle();
  const eve = order.start('eve');
  for (const member of [eve, ann, bob]) while (member.hear());
  eve.say();
  while (ann.hear());
  for (let n = 1; n <= 2_000; n += 1) {
    const provider = processorId(n, 1);
    order.multicast(eve.id, encode({ kind: 'wanted', provider, reason: 'garbled' }));
  }
  ann.isSilent = true;
  bob.isSilent = true;
  eve.isSilent = true;
  for (const member of [eve, ann, bob]) while (member.hear());
  for (const member of [eve, ann, bob]) member.isSilent = false;
  const fay = order.start('fay');
  order.settle();
  expect(fay.state).toEqual(ann.state);
  expect(fay.hasState).toBe(true);
});

test('Q1 a number that is used twice takes the room of one request', () => {
  const order = new Order();
  order.start('ann');
  const bob = order.start('bob');
  order.settle();
  const twice = { kind: 'request', number: 1, to: 'others', channel: 'talk' } as const;
  for (let n = 0; n <= requestsMax; n += 1) {
    order.multicast(bob.id, encode({ ...twice, bytes: new Uint8Array() }));
  }
  order.settle();
  order.remove(bob, 'crashed');
  const eve = order.start('eve');
  order.settle();
  for (let n = 0; n < 2; n += 1) eve.core.ask('others', 'talk', new Uint8Array(), 'all');
  order.settle();
  expect(eve.told.filter(({ kind }) => kind === 'replies')).toEqual([]);
});
