import { expect, test } from 'vitest';
import { nearest } from '../../src/arguments/nearest.ts';

const commands = ['serve', 'join', 'send', 'log', 'object', 'lock', 'members', 'status', 'help'];

test.each([
  ['sned', 'send'],
  ['jion', 'join'],
  ['member', 'members'],
  ['objcet', 'object'],
  ['lgo', 'log'],
  ['stat', 'status'],
])('%s most likely means %s', (typed, meant) => {
  expect(nearest(typed, commands)).toBe(meant);
});

test.each(['x', 'frobnicate', 'publish', ''])('%j is near nothing', (typed) => {
  expect(nearest(typed, commands)).toBeUndefined();
});
