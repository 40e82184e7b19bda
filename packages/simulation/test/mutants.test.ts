import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutants } from '../src/index.ts';

const root = join(import.meta.dirname, '../../..');

test.each(mutants.map((mutant) => [mutant.property, mutant.what, mutant] as const))(
  'the line that the mutant of %s breaks is there once: %s',
  (_property, _what, { file, find, replace }) => {
    const text = readFileSync(join(root, file), 'utf8');
    expect(text.split(find).length - 1).toBe(1);
    expect(replace).not.toBe(find);
  },
);

test('every property has a mutant, in product code', () => {
  const properties = [
    ...Array.from({ length: 16 }, (_, index) => `C${index + 1}`),
    ...Array.from({ length: 8 }, (_, index) => `K${index + 1}`),
    ...Array.from({ length: 5 }, (_, index) => `M${index + 1}`),
    'O3',
    'G1',
  ];
  expect([...new Set(mutants.map(({ property }) => property))]).toEqual(properties);
  for (const { file } of mutants) expect(file).not.toMatch(/packages\/(testkit|simulation)\//);
});
