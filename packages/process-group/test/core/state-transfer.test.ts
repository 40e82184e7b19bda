import { expect, test } from 'vitest';
import { keptBytesMax, type Member, silentMs } from '../../src/core/index.ts';
import { Order, type OrderedMember } from './order.ts';

/** A group of these, all with the state, that has talked. */
function group(...labels: string[]): [Order, ...OrderedMember[]] {
  const order = new Order();
  const members = labels.map((label) => order.start(label));
  order.settle();
  for (const member of members) member.multicast(`I am ${member.label}`);
  order.settle();
  return [order, ...members];
}

function say(member: OrderedMember, times: number): void {
  for (let i = 0; i < times; i += 1) member.say();
}

function hearAll(member: OrderedMember): void {
  while (member.hear());
}

test('T1 what a joiner is given is what everybody else went through', () => {
  const [order, ann, bob] = group('ann', 'bob');
  const eve = order.start('eve');
  bob?.multicast('while eve arrives');
  order.settle();
  ann?.multicast('when eve is there');
  order.settle();
  expect(eve.state).toEqual(ann?.state);
  expect(eve.state.at(-1)).toContain('when eve is there');
});

test('T1 what is said between the marker and the last piece comes once, behind the state', () => {
  const [order, ann, bob] = group('ann', 'bob');
  const eve = order.start('eve');
  hearAll(eve);
  say(eve, 1);
  for (const member of [ann, bob]) if (member !== undefined) hearAll(member);
  ann?.say();
  if (ann !== undefined) hearAll(ann);
  bob?.multicast('in between');
  bob?.say();
  order.settle();
  expect(eve.state).toEqual(ann?.state);
  expect(eve.state.filter((line) => line.includes('in between'))).toHaveLength(1);
});

test('T3 when the provider dies half-way, the next one gives the state', () => {
  const [order, ann, bob] = group('ann', 'bob');
  if (ann === undefined || bob === undefined) return;
  const eve = order.start('eve');
  hearAll(eve);
  eve.say();
  hearAll(ann);
  ann.say();
  hearAll(ann);
  say(ann, 1);
  hearAll(eve);
  expect(eve.hasState).toBe(false);
  order.remove(ann, 'crashed');
  bob.multicast('ann is gone');
  order.settle();
  expect(eve.state).toEqual(bob.state);
  expect(eve.told.filter(({ kind }) => kind === 'restore')).toHaveLength(1);
});

test('T3 a provider that cannot, one that is silent, and one whose state is not taken are passed over', () => {
  const [order, ann, bob, cid] = group('ann', 'bob', 'cid');
  if (ann === undefined || bob === undefined || cid === undefined) return;
  ann.faults.snapshot = 'throws';
  const eve = order.start('eve');
  order.settle();
  expect(eve.state).toEqual(cid.state);
  expect(bob.told.some(({ kind }) => kind === 'snapshot')).toBe(true);

  const fay = order.start('fay');
  ann.faults = {};
  hearAll(fay);
  fay.say();
  hearAll(ann);
  say(ann, 1);
  ann.isSilent = true;
  order.settle();
  expect(fay.hasState).toBe(false);
  order.pass(silentMs);
  order.settle();
  expect(fay.state).toEqual(cid.state);

  ann.isSilent = false;
  const gus = order.start('gus');
  gus.faults.restore = 'throws';
  order.settle();
  expect(gus.told).toContainEqual({ kind: 'refused', reason: 'state-refused', version: 1 });
});

test('T2 several joiners share a transfer', () => {
  const [order, ann] = group('ann', 'bob');
  const [eve, fay] = [order.start('eve'), order.start('fay')];
  order.settle();
  expect(eve.state).toEqual(ann?.state);
  expect(fay.state).toEqual(ann?.state);
});

test('T3 a joiner that kept too much wants another marker', () => {
  const [order, ann, bob] = group('ann', 'bob');
  if (ann === undefined || bob === undefined) return;
  const eve = order.start('eve');
  hearAll(eve);
  eve.say();
  hearAll(ann);
  ann.say();
  const long = new Uint8Array(keptBytesMax / 4);
  for (let i = 0; i < 5; i += 1) bob.core.send([ann.id], 'bulk', long);
  say(bob, 5);
  hearAll(eve);
  order.settle();
  expect(eve.state).toEqual(ann.state);
  expect(ann.told.filter(({ kind }) => kind === 'snapshot')).toHaveLength(3);
});

test('T4 when nobody who holds the state is left, all are told', () => {
  const [order, ann] = group('ann');
  if (ann === undefined) return;
  const [eve, fay] = [order.start('eve'), order.start('fay')];
  hearAll(eve);
  say(eve, 1);
  order.remove(ann, 'crashed');
  order.settle();
  for (const member of [eve, fay]) {
    expect(member.told.at(-1)).toEqual({ kind: 'state-lost' });
    expect(member.hasState).toBe(false);
  }
});

test('O3 an observer is given the roll, and no state', () => {
  const [order, ann, bob] = group('ann', 'bob');
  const observer = order.start('observer', { observes: true });
  order.settle();
  expect(observer.isIn).toBe(true);
  expect(observer.told.find(({ kind }) => kind === 'restore')).toEqual({
    kind: 'restore',
    pieces: [],
  });
  const labels = (members: readonly Member[] | undefined) => members?.map(({ label }) => label);
  expect(labels(ann?.views.at(-1)?.observers)).toEqual(['observer']);
  expect(labels(ann?.views.at(-1)?.holders)).toEqual(['ann', 'bob']);
  expect(observer.core.members).toEqual(bob?.core.members);
  for (const { told } of [ann, bob].filter((one) => one !== undefined)) {
    expect(told.filter(({ kind }) => kind === 'snapshot')).toHaveLength(told === ann?.told ? 1 : 0);
  }
});

test('O3 an observer comes in though nobody can give the state', () => {
  const [order, ann] = group('ann');
  if (ann === undefined) return;
  ann.faults.snapshot = 'throws';
  const eve = order.start('eve');
  const observer = order.start('observer', { observes: true });
  order.settle();
  expect(eve.told).toContainEqual({ kind: 'refused', reason: 'state-refused', version: 1 });
  expect(observer.isIn).toBe(true);
});

test('O3 T4 an observer that outlives all who held the state is told so, with those who waited for it', () => {
  const [order, ann] = group('ann');
  if (ann === undefined) return;
  const observer = order.start('observer', { observes: true });
  order.settle();
  expect(observer.isIn).toBe(true);
  const eve = order.start('eve');
  order.remove(ann, 'crashed');
  order.settle();
  for (const { told } of [observer, eve]) expect(told).toContainEqual({ kind: 'state-lost' });
});

test('O3 T4 the state is not lost while somebody has it and has not said so', () => {
  const [order, ann] = group('ann');
  if (ann === undefined) return;
  const observer = order.start('observer', { observes: true });
  order.settle();
  const eve = order.start('eve');
  hearAll(eve);
  say(eve, 1);
  hearAll(ann);
  say(ann, 1);
  hearAll(ann);
  say(ann, 9);
  hearAll(eve);
  expect(eve.hasState).toBe(true);
  order.remove(ann, 'crashed');
  order.settle();
  expect(observer.told).not.toContainEqual({ kind: 'state-lost' });
  expect(observer.core.holders).toEqual([eve.id]);
});

test('T3 the only one who holds the state gives it, though it was silent', () => {
  const [order, ann] = group('ann');
  if (ann === undefined) return;
  const eve = order.start('eve');
  hearAll(eve);
  say(eve, 1);
  hearAll(ann);
  say(ann, 1);
  hearAll(ann);
  hearAll(eve);
  ann.isSilent = true;
  order.pass(silentMs);
  order.settle();
  expect(eve.hasState).toBe(false);
  ann.isSilent = false;
  order.settle();
  expect(eve.told.filter(({ kind }) => kind === 'refused')).toEqual([]);
  expect(eve.state).toEqual(ann.state);
});

test('T3 who is silent is asked again when nobody else is left, who gave what is no state is not', () => {
  const [order, ann, bob] = group('ann', 'bob');
  if (ann === undefined || bob === undefined) return;
  const eve = order.start('eve');
  eve.faults.restore = 'throws';
  hearAll(eve);
  say(eve, 1);
  hearAll(ann);
  say(ann, 1);
  ann.isSilent = true;
  order.settle();
  order.pass(silentMs);
  order.settle();
  expect(bob.told.some(({ kind }) => kind === 'snapshot')).toBe(true);
  ann.isSilent = false;
  order.settle();
  expect(eve.told).toContainEqual({ kind: 'refused', reason: 'state-refused', version: 1 });
});

/** Ann, who was silent for too long and is not any more, and bob, whom eve has been given a marker of instead. */
function silentOnce(): [Order, OrderedMember, OrderedMember, OrderedMember] {
  const order = new Order();
  const [ann, bob] = [order.start('ann'), order.start('bob')];
  order.settle();
  const eve = order.start('eve');
  hearAll(eve);
  say(eve, 1);
  hearAll(ann);
  say(ann, 1);
  ann.isSilent = true;
  hearAll(eve);
  order.pass(silentMs);
  say(eve, 1);
  hearAll(bob);
  say(bob, 1);
  ann.isSilent = false;
  expect(eve.hasState).toBe(false);
  return [order, ann, bob, eve];
}

test('T3 who was silent is asked again when the one after it goes', () => {
  const [order, ann, bob, eve] = silentOnce();
  order.remove(bob, 'crashed');
  order.settle();
  expect(eve.told.filter(({ kind }) => kind === 'refused')).toEqual([]);
  expect(eve.state).toEqual(ann.state);
});

test('T3 who was silent is asked again when the one after it cannot give the state', () => {
  const [order, ann, bob, eve] = silentOnce();
  bob.faults.snapshot = 'throws';
  order.settle();
  expect(bob.told.some(({ kind }) => kind === 'snapshot')).toBe(true);
  expect(eve.told.filter(({ kind }) => kind === 'refused')).toEqual([]);
  expect(eve.state).toEqual(ann.state);
});

test.each([{}, { close: 'throws' } as const])(
  'T3 a snapshot that nobody wants any more is closed, %o',
  (faults) => {
    const [order, ann, bob] = group('ann', 'bob');
    if (ann === undefined || bob === undefined) return;
    for (let n = 0; n < 5; n += 1) bob.multicast('x'.repeat(10_000));
    order.settle();
    const eve = order.start('eve');
    hearAll(eve);
    say(eve, 1);
    hearAll(ann);
    say(ann, 1);
    hearAll(ann);
    say(ann, 1);
    ann.faults = faults;
    expect(ann.openSnapshots).toBe(1);
    order.remove(eve, 'crashed');
    hearAll(ann);
    expect(ann.openSnapshots).toBe(0);
    order.settle();
    expect(ann.state).toEqual(bob.state);
  },
);
