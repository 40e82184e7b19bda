import { expect, test } from 'vitest';
import { Order } from './order.ts';

const labels = (members: readonly { label: string }[] = []): string =>
  members.map(({ label }) => label).join();

test('R2 the founder has the first view, alone', () => {
  const order = new Order();
  const ann = order.start('ann');
  order.settle();
  const [view] = ann.views;
  expect(view).toMatchObject({
    number: 1,
    members: [{ label: 'ann' }],
    joined: [{ label: 'ann' }],
  });
});

test('R1 R3 members are told of who joined, and in one order', () => {
  const order = new Order();
  const [ann, bob, eve] = [order.start('ann'), order.start('bob'), order.start('eve')];
  order.settle();
  expect(ann.views.map(({ members }) => labels(members))).toEqual([
    'ann',
    'ann,bob',
    'ann,bob,eve',
  ]);
  expect(ann.views.map(({ joined }) => labels(joined))).toEqual(['ann', 'bob', 'eve']);
  expect(bob.views.at(-1)).toEqual({ ...ann.views.at(-1), joined: bob.views.at(-1)?.joined });
  expect(eve.core.members).toEqual(ann.core.members);
});

test('R3 who leaves has left, and who crashed was excluded', () => {
  const order = new Order();
  const [ann, bob, eve] = [order.start('ann'), order.start('bob'), order.start('eve')];
  order.settle();
  order.remove(bob, 'left');
  order.settle();
  expect(labels(ann.views.at(-1)?.left)).toBe('bob');
  order.remove(ann, 'crashed');
  order.settle();
  expect(labels(eve.views.at(-1)?.excluded)).toBe('ann');
  expect(labels(eve.views.at(-1)?.members)).toBe('eve');
});

test('R6 what is said in the view in which somebody joins reaches whoever joined, whoever says it', () => {
  const order = new Order();
  const [ann, bob] = [order.start('ann'), order.start('bob')];
  order.settle();
  for (const member of [ann, bob]) {
    member.onView = ({ joined }) => member.multicast(`welcome ${labels(joined)}`);
  }
  const eve = order.start('eve');
  const fay = order.start('fay');
  order.settle();
  for (const joiner of [eve, fay]) {
    const heard = joiner.told.flatMap((effect) =>
      effect.kind === 'message' ? [`${effect.sender}: ${Buffer.from(effect.bytes)}`] : [],
    );
    for (const { id } of [ann, bob]) {
      expect(heard.some((line) => line.startsWith(`${id}: welcome`))).toBe(true);
    }
  }
});

test('R4 whose label is in use waits until its holder is gone', () => {
  const order = new Order();
  const [ann, bob] = [order.start('ann'), order.start('bob')];
  order.settle();
  const again = order.start('bob');
  order.settle();
  expect(again.told).toContainEqual({ kind: 'refused', reason: 'label-taken', version: 1 });
  expect(again.hasState).toBe(false);
  expect(ann.views).toHaveLength(2);
  order.remove(bob, 'crashed');
  order.settle();
  expect(again.hasState).toBe(true);
  expect(labels(ann.core.members)).toBe('ann,bob');
});

test('R5 who comes back under its label has returned, also for those who did not see it before, and for itself', () => {
  const order = new Order();
  const [ann, bob] = [order.start('ann'), order.start('bob')];
  order.settle();
  order.remove(bob, 'crashed');
  order.settle();
  const eve = order.start('eve');
  order.settle();
  const again = order.start('bob');
  order.settle();
  for (const member of [ann, eve, again]) expect(labels(member.views.at(-1)?.returned)).toBe('bob');
});

test('a member of another group, or of another version, is told why it is not admitted', () => {
  const order = new Order();
  const ann = order.start('ann');
  const stranger = order.start('bob', { name: 'choir' });
  order.settle();
  expect(stranger.told).toContainEqual({ kind: 'refused', reason: 'name', version: 1 });
  expect(labels(ann.core.members)).toBe('ann');
});
