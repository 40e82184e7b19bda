import { expect, test } from 'vitest';
import { longAbsence } from '../src/index.ts';

test('an identity that was away for 31 days is retired for ever', () => {
  const { violations, isForgotten, records } = longAbsence(31);
  expect(violations).toEqual([]);
  expect(isForgotten).toBe(true);
  const codes = records.flatMap((one) =>
    one.kind === 'sent' && one.code !== '' ? [one.code] : [],
  );
  expect(codes).toContain('EXPIRED');
});

test('one that was away for 29 days is known', () => {
  const { violations, isForgotten } = longAbsence(29);
  expect(violations).toEqual([]);
  expect(isForgotten).toBe(false);
});
