import type { Member } from '@choir/process-group';
import { expect, test } from 'vitest';
import { columns, moved, rows } from '../src/board.ts';
import { Cursors, decodePosition, encodePosition } from '../src/cursors.ts';

const [ann, bob] = [
  { id: 1, label: 'ann' },
  { id: 2, label: 'bob' },
] as unknown as readonly [Member, Member];

test('a position is read as it was written, and nothing else is one', () => {
  const corner = { x: columns - 1, y: rows - 1 };
  expect(decodePosition(encodePosition(corner))).toEqual(corner);
  for (const bytes of [[], [1], [columns, 0], [0, rows], [1, 2, 3]]) {
    expect(decodePosition(Uint8Array.from(bytes))).toBeNull();
  }
});

test('the edges of the board hold a cursor', () => {
  expect(moved({ x: 0, y: 0 }, -1, -1)).toEqual({ x: 0, y: 0 });
  expect(moved({ x: columns - 1, y: rows - 1 }, 1, 1)).toEqual({ x: columns - 1, y: rows - 1 });
});

test('a cursor is new once, and forgotten with its member', () => {
  const cursors = new Cursors();
  expect(cursors.moved(ann, { x: 1, y: 1 })).toBe(true);
  expect(cursors.moved(bob, { x: 2, y: 2 })).toBe(true);
  expect(cursors.moved(bob, { x: 3, y: 2 })).toBe(false);
  expect(cursors.others(ann)).toEqual([{ label: 'bob', place: { x: 3, y: 2 } }]);
  cursors.keep([ann]);
  expect(cursors.others(ann)).toEqual([]);
  expect(cursors.moved(bob, { x: 3, y: 2 })).toBe(true);
});
