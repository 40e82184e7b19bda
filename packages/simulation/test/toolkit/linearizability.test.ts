/** The search for an order of operations, on a register. */
import { describe, expect, test } from 'vitest';
import {
  judgeLinearizability,
  type Model,
  type Operation,
} from '../../src/toolkit/checkers/linearizability.ts';

type Action = { readonly kind: 'write' | 'read'; readonly value: number };

const register: Model<Action, number> = {
  initial: 0,
  step: (state, { kind, value }) => {
    if (kind === 'write') return value;
    return state === value ? state : null;
  },
  text: String,
  rank: () => null,
};

function write(value: number, invokedAt: number, respondedAt = Infinity): Operation<Action> {
  return { action: { kind: 'write', value }, invokedAt, respondedAt };
}

function read(value: number, invokedAt: number, respondedAt: number): Operation<Action> {
  return { action: { kind: 'read', value }, invokedAt, respondedAt };
}

describe('an order is found', () => {
  test.each([
    ['for nothing', []],
    ['for one after the other', [write(1, 0, 1), read(1, 2, 3)]],
    ['for what overlaps', [write(1, 0, 5), write(2, 0, 5), read(2, 6, 7), read(2, 8, 9)]],
    ['though the first answer is not the first', [write(1, 0, 9), read(1, 1, 2), read(1, 3, 4)]],
    ['where what has no answer took effect', [write(1, 0), read(0, 1, 2), read(1, 3, 4)]],
    ['where what has no answer took none', [write(1, 0), read(0, 1, 2), read(0, 3, 4)]],
  ])('%s', (_what, operations) => {
    expect(judgeLinearizability(operations, register)).toBe('linearizable');
  });
});

describe('no order is found', () => {
  test.each([
    ['for a read of what was never written', [read(1, 0, 1)]],
    ['for a read of what was written over', [write(1, 0, 1), write(2, 2, 3), read(1, 4, 5)]],
    ['for a write that was answered and is lost', [write(1, 0, 1), read(0, 2, 3)]],
    ['for reads that go back', [write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)]],
    ['for an effect before its cause', [read(1, 0, 1), write(1, 2, 3)]],
  ])('%s', (_what, operations) => {
    expect(judgeLinearizability(operations, register)).toBe('not linearizable');
  });
});
