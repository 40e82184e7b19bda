import fc from 'fast-check';
import { expect, test } from 'vitest';
import { caretAfter, changeBetween } from '../../src/text/text-change.ts';

test.each([
  ['', 'a', 1, { at: 0, deleted: 0, inserted: 'a' }],
  ['ab', 'aXb', 2, { at: 1, deleted: 0, inserted: 'X' }],
  ['aa', 'aaa', 1, { at: 0, deleted: 0, inserted: 'a' }],
  ['aa', 'aaa', 3, { at: 2, deleted: 0, inserted: 'a' }],
  ['abc', 'ac', 1, { at: 1, deleted: 1, inserted: '' }],
  ['abc', 'xyz', 3, { at: 0, deleted: 3, inserted: 'xyz' }],
  ['a😀b', 'a😁b', 3, { at: 1, deleted: 2, inserted: '😁' }],
])('from %j to %j with the caret at %i', (before, after, caret, change) => {
  expect(changeBetween(before, after, caret)).toEqual(change);
});

test('the change makes the new text of the old one, and no surrogate pair is split', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '😁', '\n'), maxLength: 12 });
  fc.assert(
    fc.property(text, text, fc.nat(30), (before, after, caret) => {
      const change = changeBetween(before, after, Math.min(caret, after.length));
      if (change === null) return before === after;
      const { at, deleted, inserted } = change;
      const made = before.slice(0, at) + inserted + before.slice(at + deleted);
      return made === after && inserted.isWellFormed() && before.slice(0, at).isWellFormed();
    }),
  );
});

test.each([
  [0, 0],
  [2, 2],
  [3, 4],
  [5, 4],
  [6, 5],
])('a caret at %i stands at %i after others replaced 2..5 by XX', (caret, moved) => {
  expect(caretAfter(caret, { at: 2, deleted: 3, inserted: 'XX' })).toBe(moved);
});
