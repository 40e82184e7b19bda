import { expect, test } from 'vitest';
import { Names } from '../../src/people/names.ts';

const member = (clientId: string) =>
  ({ clientId, name: `name of ${clientId}`, status: 'member' }) as const;

test('of a crowd that comes and goes the names of the last ones are known', () => {
  const names = new Names();
  names.know([member('present')]);
  for (let each = 0; each < 20_000; each += 1) {
    names.know([member('present'), member(`passing ${each}`)]);
  }
  expect(names.of('present')).toBe('name of present');
  expect(names.of('passing 19999')).toBe('name of passing 19999');
  expect(names.of('passing 0')).toBe('passing ');
});
