/** T5: what a joiner has of a transfer that broke off is not sent again. */
import { expect, test } from 'vitest';
import { decode, encode } from '../../src/core/codec.ts';
import { keptBytesMax, silentMs } from '../../src/core/index.ts';
import { Order, type OrderedMember } from './order.ts';

const lines = 400;
/** Pieces that are sent before the provider hears what there is, and those that have changed. */
const few = 12;

/** Ann and Bob, with a state of many pieces; eve has had `pieces` of them from Ann. */
function brokenOff({ pieces }: { readonly pieces: number }) {
  const order = new Order();
  const ann = order.start('ann');
  const bob = order.start('bob');
  order.settle();
  for (let n = 0; n < lines; n += 1) bob.multicast(`line ${n} of what was said before`);
  order.settle();
  const eve = order.start('eve');
  hearAll(eve);
  eve.say();
  hearAll(ann);
  ann.say();
  hearAll(ann);
  for (let n = 0; n < pieces; n += 1) {
    ann.say();
    hearAll(ann);
  }
  hearAll(eve);
  expect(eve.hasState).toBe(false);
  return { order, ann, bob, eve, ...sentSince(order) };
}

function hearAll(member: OrderedMember): void {
  while (member.hear());
}

/** What was multicast from now on. */
function sentSince(order: Order) {
  const from = order.entries.length;
  const sent = () =>
    order.entries.slice(from).flatMap((entry) => {
      const message = entry.kind === 'message' ? decode(entry.bytes) : null;
      return message === null || 'code' in message ? [] : [message];
    });
  return { sent };
}

type Sent = ReturnType<ReturnType<typeof sentSince>['sent']>;

function count(sent: Sent, kind: Sent[number]['kind']): number {
  return sent.filter((message) => message.kind === kind).length;
}

function samePieces(sent: Sent): number {
  return sent.reduce((sum, one) => sum + (one.kind === 'same' ? one.digests.length : 0), 0);
}

/** Pieces of the whole state. */
function piecesInAll(): number {
  const { order, ann, eve, sent } = brokenOff({ pieces: 0 });
  order.settle();
  expect(eve.state).toEqual(ann.state);
  return count(sent(), 'piece');
}

test('T5 when the provider dies, the next one sends what is missing or has changed', () => {
  const all = piecesInAll();
  const had = all - 10;
  const { order, ann, bob, eve, sent } = brokenOff({ pieces: had });
  order.remove(ann, 'crashed');
  bob.multicast('ann is gone');
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(samePieces(sent())).toBeGreaterThan(had - few);
  expect(count(sent(), 'piece')).toBeLessThan(10 + few);
});

test('T5 whoever dies, nothing is lost of what came', () => {
  const all = piecesInAll();
  const { order, ann, bob, eve } = brokenOff({ pieces: all - 10 });
  const cid = order.start('cid');
  order.remove(ann, 'crashed');
  hearAll(eve);
  hearAll(bob);
  bob.say();
  hearAll(bob);
  hearAll(eve);
  while (eve.say());
  hearAll(bob);
  for (let n = 0; n < 3; n += 1) {
    bob.say();
    hearAll(bob);
  }
  hearAll(eve);
  expect(eve.hasState).toBe(false);
  expect(cid.hasState).toBe(false);
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(cid.state).toEqual(bob.state);
});

test('T5 a joiner that kept too much goes on where it was', () => {
  const all = piecesInAll();
  const { order, bob, eve, sent } = brokenOff({ pieces: all - 3 });
  const long = new Uint8Array(keptBytesMax / 4);
  for (let n = 0; n < 5; n += 1) bob.core.send([bob.id], 'bulk', long);
  for (let n = 0; n < 5; n += 1) bob.say();
  hearAll(eve);
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(eve.told.filter(({ kind }) => kind === 'restore')).toHaveLength(1);
  expect(samePieces(sent())).toBeGreaterThan(all - 3 - few);
});

test('T5 a provider that falls silent is followed by one that goes on', () => {
  const all = piecesInAll();
  const { order, ann, bob, eve, sent } = brokenOff({ pieces: all - 3 });
  ann.isSilent = true;
  order.pass(silentMs);
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(samePieces(sent())).toBeGreaterThan(all - 3 - few);
});

test('T5 what may be wrong is not kept', () => {
  const all = piecesInAll();
  const { order, ann, bob, eve, sent } = brokenOff({ pieces: all - 3 });
  eve.faults.restore = 'throws';
  order.settle();
  expect(eve.told).toContainEqual({ kind: 'refused', reason: 'state-refused', version: 1 });
  expect(bob.told.some(({ kind }) => kind === 'snapshot')).toBe(true);
  expect(ann.told.some(({ kind }) => kind === 'snapshot')).toBe(true);
  expect(count(sent(), 'has')).toBe(0);
});

test('T5 what one joiner has is sent all the same, where another lacks it', () => {
  const all = piecesInAll();
  const { order, ann, bob, eve, sent } = brokenOff({ pieces: all - 3 });
  const cid = order.start('cid');
  hearAll(cid);
  cid.say();
  hearAll(bob);
  order.remove(ann, 'crashed');
  order.settle();
  for (const joiner of [eve, cid]) expect(joiner.state).toEqual(bob.state);
  expect(count(sent(), 'has')).toBe(1);
  expect(samePieces(sent())).toBe(0);
});

test('T3 T5 a snapshot that throws where all is known is no whole state', () => {
  const all = piecesInAll();
  const { order, ann, bob, eve } = brokenOff({ pieces: all - 3 });
  bob.faults.snapshot = 'throws';
  order.remove(ann, 'crashed');
  order.settle();
  expect(eve.hasState).toBe(false);
  expect(eve.told).toContainEqual({ kind: 'refused', reason: 'state-refused', version: 1 });
});

test('T5 pieces that a provider makes up are not taken for a state', () => {
  const all = piecesInAll();
  const { order, ann, bob, eve, sent } = brokenOff({ pieces: all - 3 });
  order.remove(ann, 'crashed');
  hearAll(eve);
  hearAll(bob);
  bob.say();
  hearAll(bob);
  order.multicast(bob.id, encode({ kind: 'same', transfer: 1, digests: ['no such piece'] }));
  order.settle();
  expect(sent()).toContainEqual({ kind: 'wanted', provider: bob.id, reason: 'garbled' });
  expect(eve.hasState).toBe(false);
  expect(eve.told).toContainEqual({ kind: 'refused', reason: 'state-refused', version: 1 });
});
