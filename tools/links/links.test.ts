/** What the pages say of each other is true: links lead somewhere, and properties that hold a promise exist. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, linksOf } from './links.ts';

const root = join(import.meta.dirname, '../..');
const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: root,
});
const pages = listed
  .toString()
  .split('\n')
  .filter((page) => page !== '' && existsSync(join(root, page)));

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

test('every link leads to a file, and to a heading in it', () => {
  const broken: string[] = [];
  let links = 0;
  for (const page of pages) {
    for (const { line, path, anchor } of linksOf(read(page))) {
      links += 1;
      const target = path === '' ? page : join(dirname(page), path);
      const found = existsSync(join(root, target));
      const isPage = found && statSync(join(root, target)).isFile() && target.endsWith('.md');
      const lacksAnchor = anchor !== '' && !(isPage && anchorsOf(read(target)).has(anchor));
      if (!found || lacksAnchor) broken.push(`${page}:${line} ${path}#${anchor}`);
    }
  }
  expect(broken).toEqual([]);
  expect(links).toBeGreaterThan(100);
});

test('what is planted is found', () => {
  expect(linksOf('[a](b.md#c) `[no](x)`\n```\n[no](y)\n```\n[h](https://x.example)')).toEqual([
    { line: 1, path: 'b.md', anchor: 'c' },
  ]);
  expect([...anchorsOf('# A `b` (c)\n## Code\n## Code\n```\n# no\n```')]).toEqual([
    'a-b-c',
    'code',
    'code-1',
  ]);
});

test('each promise names a property that the simulator judges, or a test', () => {
  const [, table = ''] = read('docs/promises.md').split('\n## ');
  const rows = table.split('\n').filter((line) => line.startsWith('| **'));
  const properties = propertiesOf(read('docs/design/simulator.md'));
  expect(rows.length).toBeGreaterThan(8);
  for (const row of rows) {
    const holders = row.split(' | ').at(-1) ?? '';
    const named = [...expanded(holders)];
    expect(named.length + linksOf(holders).length, row).toBeGreaterThan(0);
    for (const each of named) expect(properties, row).toContain(each);
  }
});

/** Those of the first column of the table of checkers. */
function propertiesOf(page: string): readonly string[] {
  const cells = [...page.matchAll(/^\| ([A-Z]\d[^|]*) \|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...expanded(cell)]);
}

/** K1–K3 is K1, K2 and K3. */
function* expanded(text: string): Generator<string> {
  for (const [, letter = '', from = '', to = from] of text.matchAll(
    /\b([CKMOG])(\d+)(?:–[CKMOG](\d+))?/g,
  )) {
    for (let number = Number(from); number <= Number(to); number += 1) yield `${letter}${number}`;
  }
}
