import { expect, test } from 'vitest';
import { coloursOf, hues, shortName } from '../../src/people/people.ts';

const ids = (count: number): string[] => Array.from({ length: count }, (_, each) => `c-${each}`);

test('no two members have the same colour while there are enough', () => {
  expect(new Set(coloursOf(ids(hues)).values()).size).toBe(hues);
});

test('beyond that every member still has one', () => {
  expect(coloursOf(ids(100)).size).toBe(100);
});

test('the same members have the same colours in every window', () => {
  expect([...coloursOf(ids(5))]).toEqual([...coloursOf(ids(5))]);
});

test('a long name is cut between characters', () => {
  expect(shortName('Ann')).toBe('Ann');
  expect(shortName('😀'.repeat(30))).toBe(`${'😀'.repeat(23)}…`);
});
