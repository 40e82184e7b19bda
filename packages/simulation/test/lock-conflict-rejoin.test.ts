import { expect, test } from 'vitest';
import { lockConflictRejoin, tell } from '../src/index.ts';
import { expectGolden } from './golden.ts';

test('a conflict at rejoin is told message by message, and all copies are equal in the end', () => {
  const { records, violations } = lockConflictRejoin();
  expect(violations).toEqual([]);
  const withdrawn = records.flatMap((one) =>
    one.kind === 'withdrawn' ? [`${one.localId} ${one.why}`] : [],
  );
  expect(withdrawn).toEqual(['3 conflict', '4 discarded', '5 discarded']);
  expectGolden('lock-conflict-rejoin.txt', tell('A lock is lost, and its holder returns', records));
});
