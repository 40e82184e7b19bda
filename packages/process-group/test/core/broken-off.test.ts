/** T5: what a joiner has of a transfer that broke off is not sent again. */
import { expect, test } from 'vitest';
import { decode, encode } from '../../src/core/codec.ts';
import { bytesOfDigests, digestsOf } from '../../src/core/digests.ts';
import { keptBytesMax, silentMs } from '../../src/core/index.ts';
import { Order, type OrderedMember } from './order.ts';

const lines = 400;
/** Pieces that are sent before the provider hears what there is, and those that have changed. */
const few = 16;

/** Ann, bob and cid, with a state of many pieces; eve has had `pieces` of them from ann. */
function brokenOff({ pieces }: { readonly pieces: number }) {
  const order = new Order();
  const [ann, bob, cid] = [order.start('ann'), order.start('bob'), order.start('cid')];
  order.settle();
  for (let n = 0; n < lines; n += 1) bob.multicast(`line ${n} of what was said before`);
  order.settle();
  const eve = order.start('eve');
  hearAll(eve);
  eve.say();
  hearAll(ann);
  provides(ann, eve, pieces);
  expect(eve.hasState).toBe(false);
  return { order, ann, bob, cid, eve, ...sentSince(order) };
}

/** The provider says its marker, and so many messages of the transfer. */
function provides(provider: OrderedMember, joiner: OrderedMember, messages: number): void {
  provider.say();
  hearAll(provider);
  hearAll(joiner);
  while (joiner.say());
  hearAll(provider);
  for (let n = 0; n < messages; n += 1) {
    provider.say();
    hearAll(provider);
  }
  hearAll(joiner);
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
  return sent.reduce(
    (sum, one) => sum + (one.kind === 'same' ? digestsOf(one.bytes).length : 0),
    0,
  );
}

/** Pieces of the whole state. */
function piecesInAll(): number {
  const { order, ann, eve, sent } = brokenOff({ pieces: 0 });
  order.settle();
  expect(eve.state).toEqual(ann.state);
  return count(sent(), 'piece');
}

const all = piecesInAll();

test('T5 when the provider dies, the next one sends what is missing or has changed', () => {
  const { order, ann, bob, eve, sent } = brokenOff({ pieces: all - 10 });
  order.remove(ann, 'crashed');
  bob.multicast('ann is gone');
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(samePieces(sent())).toBeGreaterThan(all - 10 - few);
  expect(count(sent(), 'piece')).toBeLessThan(10 + few);
});

test('T5 when two providers die, nothing is lost of what came of either', () => {
  const { order, ann, bob, cid, eve, sent } = brokenOff({ pieces: all - 10 });
  order.remove(ann, 'crashed');
  hearAll(eve);
  hearAll(bob);
  // A message of pieces that are the same, and then bob dies, too.
  provides(bob, eve, 1);
  expect(samePieces(sent())).toBeGreaterThan(0);
  expect(samePieces(sent())).toBeLessThan(all / 2);
  order.remove(bob, 'crashed');
  const after = sentSince(order);
  order.settle();
  expect(eve.state).toEqual(cid.state);
  expect(samePieces(after.sent())).toBeGreaterThan(all - 10 - few);
});

test('T5 a provider that fails in the midst is followed by one that goes on', () => {
  const { order, ann, bob, sent } = brokenOff({ pieces: 0 });
  order.settle();
  ann.faults.snapshot = 'throws';
  const fay = order.start('fay');
  order.settle();
  expect(fay.state).toEqual(bob.state);
  expect(count(sent(), 'failed')).toBe(1);
  expect(samePieces(sent())).toBeGreaterThan(all - few);
});

test('T5 a joiner that kept too much goes on where it was', () => {
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
  const { order, ann, bob, eve, sent } = brokenOff({ pieces: all - 3 });
  ann.isSilent = true;
  order.pass(silentMs);
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(samePieces(sent())).toBeGreaterThan(all - 3 - few);
});

test('T5 a state that is not taken leaves its pieces: the next provider may be taken', () => {
  const { order, cid, eve, sent } = brokenOff({ pieces: all - 3 });
  eve.faults.restore = 'throws';
  order.settle();
  expect(eve.told).toContainEqual({ kind: 'refused', reason: 'state-refused', version: 1 });
  expect(cid.told.some(({ kind }) => kind === 'snapshot')).toBe(true);
  expect(samePieces(sent())).toBeGreaterThan(2 * (all - few));
});

test('T5 what one joiner has is sent all the same, where another lacks it', () => {
  const { order, ann, bob, eve, sent } = brokenOff({ pieces: all - 3 });
  const fay = order.start('fay');
  hearAll(fay);
  fay.say();
  hearAll(bob);
  order.remove(ann, 'crashed');
  order.settle();
  for (const joiner of [eve, fay]) expect(joiner.state).toEqual(bob.state);
  expect(count(sent(), 'has')).toBe(1);
  expect(samePieces(sent())).toBe(0);
});

test('T5 what is said to another provider, or of another transfer, counts for nothing', () => {
  const { order, ann, bob, eve, sent } = brokenOff({ pieces: all - 3 });
  order.remove(ann, 'crashed');
  hearAll(eve);
  hearAll(bob);
  bob.say();
  hearAll(bob);
  hearAll(eve);
  eve.say();
  const has = decode(eve.core.next()?.bytes ?? new Uint8Array());
  if ('code' in has || has.kind !== 'has') throw new Error('Eve has nothing to say.');
  order.multicast(eve.id, encode({ ...has, provider: ann.id }));
  order.multicast(eve.id, encode({ ...has, transfer: has.transfer + 1 }));
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(samePieces(sent())).toBe(0);
});

test('T3 T5 a snapshot that throws where all is known is no whole state', () => {
  const { order, ann, bob, cid, eve } = brokenOff({ pieces: all - 3 });
  for (const one of [bob, cid]) one.faults.snapshot = 'throws';
  order.remove(ann, 'crashed');
  order.settle();
  expect(eve.hasState).toBe(false);
  expect(eve.told).toContainEqual({ kind: 'refused', reason: 'state-refused', version: 1 });
});

test('T5 pieces that a provider makes up are not taken for a state', () => {
  const { order, ann, bob, cid, eve, sent } = brokenOff({ pieces: all - 3 });
  order.remove(ann, 'crashed');
  hearAll(eve);
  hearAll(bob);
  bob.say();
  hearAll(bob);
  const bytes = bytesOfDigests(['no such piece at']);
  order.multicast(bob.id, encode({ kind: 'same', transfer: 1, bytes }));
  order.settle();
  expect(sent()).toContainEqual({ kind: 'wanted', provider: bob.id, reason: 'garbled' });
  expect(eve.state).toEqual(cid.state);
});

test('T3 T5 a provider is heard by what it passes over, too', () => {
  const { order, ann, bob, eve } = brokenOff({ pieces: all - 3 });
  order.remove(ann, 'crashed');
  hearAll(eve);
  hearAll(bob);
  provides(bob, eve, 1);
  order.pass(silentMs - 1);
  bob.say();
  hearAll(eve);
  order.pass(silentMs - 1);
  expect(eve.core.next()).toBe(null);
  order.settle();
  expect(eve.state).toEqual(bob.state);
});
