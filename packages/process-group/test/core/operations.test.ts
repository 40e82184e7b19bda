/**
 * Who is cut off while it speaks alone is given its own agreed messages, which nobody else is ever given. Operations are answered where they
 * come, so they have to be safe.
 */
import { expect, test } from 'vitest';
import { ConnectionReplica, LockState, MapState } from '../../src/core/index.ts';
import { Connections, FencedLocks, ReplicatedMap } from '../../src/index.ts';

test('B1 operations on the map are safe: nobody answers for an entry that the others never have', () => {
  expect(new MapState().safe).toBe(true);
  expect(new ReplicatedMap<number>().safe).toBe(true);
});

test('B2 operations on locks are safe: nobody grants what the others grant to somebody else', () => {
  expect(new LockState().safe).toBe(true);
  expect(new FencedLocks().safe).toBe(true);
});

test('B4 requests and replies are safe: no call ends with a reply to what the others were never given', () => {
  expect(new ConnectionReplica(null).safe).toBe(true);
  expect(new Connections().safe).toBe(true);
});
