import { describe, expect, test } from 'vitest';
import { judge } from './rules.ts';

const src = 'packages/groups/src/group.ts';
const tests = 'packages/groups/test/group.test.ts';

describe('what is untidy is found', () => {
  // Put together here, so that this file is tidy itself.
  const planted: readonly [path: string, line: string, why: string][] = [
    [src, `// @ts-${'ignore'}`, 'a silenced compiler'],
    [src, `// @ts-${'expect-error'}`, 'a silenced compiler'],
    [tests, `// @ts-${'nocheck'}`, 'a silenced compiler'],
    [src, `// biome-ignore lint/suspicious/noExplicit${'Any'}: because`, 'a silenced linter'],
    [src, `// TO${'DO'} later`, 'unfinished'],
    [src, `const seed = Math.${'random'}();`, 'randomness is a parameter'],
    [tests, `test.${'only'}('one', run);`, 'a weakened test'],
    [tests, `describe.${'skip'}('some', run);`, 'a weakened test'],
    [tests, `test.concurrent.${'only'}.each(rows)('one', run);`, 'a weakened test'],
    [tests, `await ${'sleep'}(10);`, 'a sleep in a test'],
    [tests, `await new Promise((resolve) => ${'setTimeout'}(resolve, 10));`, 'a sleep in a test'],
    ['README.md', `cd /${'home'}/someone/choir`, 'a path of one machine'],
    ['README.md', `${'<'.repeat(7)} HEAD`, 'a merge that was not finished'],
    ['package-lock.json', `"resolved": "${'https'}://host/x.tgz"`, 'a registry host'],
  ];

  test.each(planted)('%s: %s', (path, line, why) => {
    const found = judge(path, `first\n${line}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${path}:2 ${why}`);
  });

  test('a source of more than 400 lines', () => {
    expect(judge(src, 'line\n'.repeat(400))).toEqual([]);
    expect(judge(src, 'line\n'.repeat(401))).toEqual([`${src}:401 is longer than 400 lines`]);
    expect(judge(tests, 'line\n'.repeat(401))).toEqual([]);
  });

  test.each([
    'utils.ts',
    'string-helpers.ts',
    'types.ts',
    'common/log.ts',
    'lock-manager.ts',
    'shared.tsx',
  ])('a file named %s', (name) => {
    expect(judge(`packages/groups/src/${name}`, '')).toHaveLength(1);
  });
});

test('ordinary lines are left alone', () => {
  const lines = [
    'export type Only = { readonly skip: boolean };',
    "import { a } from '../work/plan.ts';",
    'see https://example.org/home/page and packages/journal/work/x',
    '"resolved": "packages/bytes",',
    'setTimeout(() => stop(), 10);',
    'reader.skip(4);',
  ];
  expect(judge(src, lines.join('\n'))).toEqual([]);
});

test.each([
  'lock-types-of-paper.ts',
  'commons.ts',
  'utility-bill.ts',
  'prototypes.ts',
  'types.test.ts',
])('the name %s is left alone', (name) => {
  expect(judge(`packages/groups/src/${name}`, '')).toEqual([]);
});
