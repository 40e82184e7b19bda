import { expect, test } from 'vitest';
import { actionOf } from '../src/keys.ts';

test('arrows move by one', () => {
  expect(actionOf(undefined, { name: 'up' })).toEqual({ kind: 'move', dx: 0, dy: -1 });
  expect(actionOf(undefined, { name: 'right' })).toEqual({ kind: 'move', dx: 1, dy: 0 });
});

test.each(['a', 'Q', '#', 'é', '1'])('%s is drawn', (text) => {
  expect(actionOf(text, { name: text.toLowerCase() })).toEqual({ kind: 'draw', character: text });
});

test('space erases here, backspace the cell before', () => {
  expect(actionOf(' ', { name: 'space' })).toEqual({ kind: 'erase', back: false });
  expect(actionOf('\x7f', { name: 'backspace' })).toEqual({ kind: 'erase', back: true });
});

test('q and Ctrl-C leave', () => {
  expect(actionOf('q', { name: 'q' })).toEqual({ kind: 'leave' });
  expect(actionOf('\x03', { name: 'c', ctrl: true })).toEqual({ kind: 'leave' });
});

test.each(['\x1b', '\t', '\r', '\u00ad', '漢', '🙂'])('%j is no drawing', (text) => {
  expect(actionOf(text, {})).toBeNull();
});
