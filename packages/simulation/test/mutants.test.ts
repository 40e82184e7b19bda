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

/** Those that `docs/design/ftmp.md` promises. */
const processGroupProperties = [
  ...['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S9', 'S10', 'S11'],
  ...['S13', 'S14', 'S15', 'S16', 'S17', 'S18', 'S19', 'S20', 'S21', 'S22', 'S23', 'S24'],
  ...[
    'S27',
    'S28',
    'S29',
    'S32',
    'S33',
    'S34',
    'L1',
    'L2',
    'L3',
    'L4',
    'L6',
    'L7',
    'L8',
    'L9',
    'L10',
  ],
];

/** Those that `docs/design/process-group.md` promises; M1 to M5 share their names with those of groups. */
const toolkitProperties = [
  ...['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'T1', 'T2', 'T3', 'T4', 'T5'],
  ...['Q1', 'Q2', 'B1', 'B2', 'B3', 'B4'],
];

test('every property has a mutant, in product code', () => {
  const properties = [
    ...Array.from({ length: 16 }, (_, index) => `C${index + 1}`),
    ...Array.from({ length: 8 }, (_, index) => `K${index + 1}`),
    ...Array.from({ length: 5 }, (_, index) => `M${index + 1}`),
    'O3',
    'G1',
    ...processGroupProperties,
    'S30',
    'S31',
    ...toolkitProperties,
  ];
  expect([...new Set(mutants.map(({ property }) => property))]).toEqual(properties);
  for (const { file } of mutants) expect(file).not.toMatch(/packages\/(testkit|simulation)\//);
});
