/**
 * Who is cut off while it speaks alone is given its own agreed messages, which nobody else is ever given. Operations are answered where they
 * come, so they have to be safe.
 */
import { expect, test } from 'vitest';
import { LockState, MapState } from '../../src/core/index.ts';
import { FencedLocks, ReplicatedMap } from '../../src/index.ts';

test('B1 operations on the map are safe: nobody answers for an entry that the others never have', () => {
  expect(new MapState().safe).toBe(true);
  expect(new ReplicatedMap<number>().safe).toBe(true);
});

test('B2 operations on locks are safe: nobody grants what the others grant to somebody else', () => {
  expect(new LockState().safe).toBe(true);
  expect(new FencedLocks().safe).toBe(true);
});
