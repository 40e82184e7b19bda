/** How much may be handed over to a group, and by whom next. */
import { groupId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { Membership } from '../src/processor/membership.ts';
import { room } from '../src/processor/room.ts';

const group = groupId(7);

/** A group without room, and what its application is told. */
function full(): { readonly membership: Membership; readonly told: string[] } {
  const told: string[] = [];
  const membership = new Membership(group, ({ kind }) => told.push(kind));
  for (let n = 0; n < room.messages; n += 1) expect(membership.use(1)).toBe('queued');
  expect(membership.use(1)).toBe('full');
  return { membership, told };
}

test('while somebody waits, there is no room for others; they are told when there is', () => {
  const { membership, told } = full();
  for (const name of ['one', 'two', 'three']) void membership.wait(1, () => told.push(name));
  membership.give({ group, messages: 2, bytes: 2 });
  expect(told).toEqual(['one', 'two']);
  expect(membership.use(1)).toBe('full');
  membership.give({ group, messages: 1, bytes: 1 });
  expect(membership.use(1)).toBe('full');
  membership.give({ group, messages: 1, bytes: 1 });
  expect(told).toEqual(['one', 'two', 'three', 'writable']);
  expect(membership.use(1)).toBe('queued');
});

test('room is in bytes, too: the next waits until what went before is given back', () => {
  const { membership, told } = full();
  for (const name of ['long', 'short']) {
    void membership.wait(name === 'long' ? room.bytes : 1, () => told.push(name));
  }
  membership.give({ group, messages: room.messages, bytes: room.messages });
  expect(told).toEqual(['long']);
  membership.give({ group, messages: 1, bytes: room.bytes });
  expect(told).toEqual(['long', 'short', 'writable']);
});

test('who waits when the group is left hands nothing over, and nobody else does', async () => {
  const { membership, told } = full();
  const waiting = membership.wait(1, () => told.push('handed over'));
  membership.leave();
  await expect(waiting).rejects.toMatchObject({ code: 'drivers-closed' });
  membership.give({ group, messages: 2, bytes: 2 });
  expect(told).not.toContain('handed over');
  expect(membership.use(1)).toBe('closed');
});

test('who waits when the group is over hands nothing over', async () => {
  const { membership, told } = full();
  const waiting = membership.wait(1, () => told.push('handed over'));
  membership.tell({ kind: 'left', group, removed: false });
  await expect(waiting).rejects.toMatchObject({ code: 'drivers-closed' });
  membership.give({ group, messages: 2, bytes: 2 });
  expect(told).not.toContain('handed over');
});
