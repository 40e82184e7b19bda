import type { Rejoined } from '@choir/client';
import { expect, test } from 'vitest';
import { explanationOf, headingOf } from '../../src/connection/absence.ts';

const away = { kind: 'away', awayMs: 5_000, cut: true, graceMs: null } as const;
const rejoined: Rejoined = {
  ...{ delivered: 0, resent: 0, duplicates: 0, gap: false },
  conflicts: [],
  discarded: [],
};

test('who has cut the line is told so, and who has lost it', () => {
  expect(headingOf(away)).toBe('You have cut your line.');
  expect(headingOf({ ...away, cut: false })).toBe('The connection is lost.');
});

test('who holds something is told for how long, and when that is over', () => {
  expect(explanationOf(away)).not.toMatch(/hold/);
  expect(explanationOf({ ...away, graceMs: 20_000 })).toMatch(
    /stays yours for about 15 seconds more/,
  );
  expect(explanationOf({ ...away, graceMs: 5_000 })).toMatch(/may be with somebody else by now/);
});

test('who is back is told how much happened meanwhile', () => {
  const back = { kind: 'back', awayMs: 180_000, rejoined } as const;
  expect(headingOf(back)).toBe('You are back after 3 minutes.');
  expect(explanationOf(back)).toBe('Nothing happened meanwhile.');
  const one = { ...back, rejoined: { ...rejoined, delivered: 1 } };
  expect(explanationOf(one)).toBe('One thing happened meanwhile, and is here now.');
  const gap = { ...back, rejoined: { ...rejoined, delivered: 3, gap: true } };
  expect(explanationOf(gap)).toMatch(/not known/);
});
