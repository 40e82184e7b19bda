import { expect, test } from 'vitest';
import {
  boardSize,
  encodeShape,
  parseShape,
  placed,
  type Shape,
  titleOf,
} from '../../src/board/shape.ts';

const note: Shape = {
  kind: 'note',
  x: 10,
  y: 20,
  width: 120,
  height: 80,
  colour: 2,
  words: 'Plan',
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a shape comes back as it was stored', () => {
  expect(parseShape(bytes(String(encodeShape(note))))).toEqual(note);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['another value', 'null'],
  ['an unknown kind', JSON.stringify({ ...note, kind: 'star' })],
  ['no number', JSON.stringify({ ...note, x: null })],
  ['a text for a number', JSON.stringify({ ...note, width: '120' })],
  [
    'a number beyond all',
    '{"kind":"note","x":1e999,"y":0,"width":50,"height":50,"colour":0,"words":""}',
  ],
  ['a size of nothing', JSON.stringify({ ...note, height: 0 })],
  ['a size beyond the board', JSON.stringify({ ...note, width: boardSize.width + 1 })],
  ['a colour that is none', JSON.stringify({ ...note, colour: 6 })],
  ['half a colour', JSON.stringify({ ...note, colour: 0.5 })],
  ['words without end', JSON.stringify({ ...note, words: 'w'.repeat(81) })],
  ['words that are none', JSON.stringify({ ...note, words: {} })],
  ['more than a shape takes', JSON.stringify({ ...note, more: 'm'.repeat(3_000) })],
])('%s is no shape', (_, text) => {
  expect(parseShape(bytes(text))).toBeNull();
});

test('a shape stays on the board, wherever it is put', () => {
  expect(placed(note, -5, 1e6)).toMatchObject({ x: 0, y: boardSize.height - note.height });
  expect(parseShape(bytes(JSON.stringify({ ...note, x: 1e6, y: -1 })))).toMatchObject({
    x: boardSize.width - note.width,
    y: 0,
  });
});

test('a shape is called by its words, or by its kind', () => {
  expect(titleOf(note)).toBe('the note “Plan”');
  expect(titleOf({ ...note, words: '  ' })).toBe('the note');
});
