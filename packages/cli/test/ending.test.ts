import { expect, test } from 'vitest';
import { Ending } from '../src/connection/ending.ts';

test('a result that comes first is the result', async () => {
  expect(await new Ending().before(Promise.resolve(1))).toBe(1);
  await expect(new Ending().before(Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('the end ends every wait, also those that begin after it', async () => {
  const ending = new Ending();
  const never = new Promise<never>(() => {});
  const waits = [ending.before(never), ending.before(never)];
  ending.come(new Error('over'));
  ending.come(new Error('later'));
  for (const wait of [...waits, ending.before(never)]) await expect(wait).rejects.toThrow('over');
});
