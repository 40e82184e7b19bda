import { processorId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { LockState } from '../../src/core/index.ts';

const [ann, bob] = [processorId(1, 1), processorId(2, 1)];
const ask = (number: number, lock = 'printer') => ({ kind: 'acquire', number, lock }) as const;

test('B2 no more claims are taken than a joiner can take over', () => {
  const state = new LockState(3);
  for (const number of [1, 2, 3]) expect(state.apply(ann, ask(number))).not.toBe('full');
  expect(state.apply(bob, ask(1))).toBe('full');
  expect(state.apply(bob, ask(2, 'scanner'))).toBe('full');
  const joined = new LockState(3);
  joined.restore([...state.snapshot()]);
  expect(joined.apply(bob, ask(1))).toBe('full');
  for (const one of [state, joined]) {
    one.apply(ann, { kind: 'release', number: 2, lock: 'printer' });
    expect(one.apply(bob, ask(3, 'scanner'))).toMatchObject([{ lock: 'scanner', fence: 2 }]);
    expect(one.apply(bob, ask(4))).toBe('full');
    one.gone(new Set([ann]));
    for (const number of [5, 6]) expect(one.apply(bob, ask(number))).not.toBe('full');
    expect(one.apply(ann, ask(7))).toBe('full');
  }
});
