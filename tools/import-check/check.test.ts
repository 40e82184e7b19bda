import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkImports } from './check.ts';

const table = `# Architecture

| floor | package | may import | pure |
| --- | --- | --- | --- |
| 5 | \`server\` | \`groups\`, \`journal\`, \`bytes\` | \`src/host\` |
| 4 | \`groups\` | \`journal\`, \`bytes\` | yes |
| 0 | \`journal\` | \`bytes\` | no |
| 0 | \`testkit\` | \`bytes\` | except \`src/node\` |
| 0 | \`bytes\` | nothing | yes |
| beside | \`client\` | \`bytes\` | \`src/session\` |

Prose after the table.
`;

let root = '';

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'import-check-'));
  write('ARCHITECTURE.md', table);
  for (const name of ['server', 'groups', 'journal', 'testkit', 'bytes', 'client']) {
    write(`packages/${name}/package.json`, '{}');
    write(`packages/${name}/src/index.ts`, 'export {};\n');
  }
});

afterEach(() => rmSync(root, { recursive: true }));

test('a tree that keeps the floors passes, and every module is counted', () => {
  write('packages/groups/src/index.ts', `import { Reader } from '@choir/bytes';\n`);
  write('packages/groups/src/group.ts', `import type { Journal } from '@choir/journal';\n`);
  write('packages/groups/test/group.test.ts', `import { Network } from '@choir/testkit';\n`);
  write('packages/server/src/websocket.ts', `import { open } from '@choir/journal';\n`);
  write('packages/server/src/socket.ts', `import { createServer } from 'node:net';\n`);
  write('packages/testkit/src/node/disk.ts', `import { readFileSync } from 'node:fs';\n`);
  expect(checkImports(root)).toEqual({ packages: 6, modules: 10, violations: [] });
});

describe('a planted violation is found', () => {
  const planted: readonly [why: string, path: string, text: string, violation: string][] = [
    [
      'of the floors',
      'bytes/src/index.ts',
      `import { Group } from '@choir/groups';\n`,
      'bytes/src/index.ts:1 may not import @choir/groups',
    ],
    [
      'by a type alone',
      'bytes/src/index.ts',
      `import type { Group } from '@choir/groups';\n`,
      'bytes/src/index.ts:1 may not import @choir/groups',
    ],
    [
      'over several lines, behind comments with quotes',
      'bytes/src/index.ts',
      `// it's first\nimport {\n  Group, // it's here\n  Member,\n} from "@choir/groups";\n`,
      'bytes/src/index.ts:5 may not import @choir/groups',
    ],
    [
      'by re-export',
      'bytes/src/index.ts',
      `export * from '@choir/groups/internal';\n`,
      'bytes/src/index.ts:1 may not import @choir/groups/internal',
    ],
    [
      'for its effect only',
      'bytes/src/index.ts',
      `import '@choir/groups';\n`,
      'bytes/src/index.ts:1 may not import @choir/groups',
    ],
    [
      'at run time',
      'bytes/src/index.ts',
      `const groups = await import(\n  '@choir/groups'\n);\n`,
      'bytes/src/index.ts:1 may not import @choir/groups',
    ],
    [
      'of testkit outside tests',
      'groups/src/index.ts',
      `import { Network } from '@choir/testkit';\n`,
      'groups/src/index.ts:1 may not import @choir/testkit',
    ],
    [
      'of the client by the house',
      'server/src/index.ts',
      `import { connect } from '@choir/client';\n`,
      'server/src/index.ts:1 may not import @choir/client',
    ],
    [
      'by a client that reaches into the house',
      'client/src/index.ts',
      `import { open } from '@choir/journal';\n`,
      'client/src/index.ts:1 may not import @choir/journal',
    ],
    [
      'of purity by node:*',
      'groups/src/index.ts',
      `import { readFileSync } from 'node:fs';\n`,
      'groups/src/index.ts:1 is pure and imports node:fs',
    ],
    [
      'of purity by a builtin without its prefix',
      'groups/src/index.ts',
      `import fs from 'fs';\n`,
      'groups/src/index.ts:1 is pure and imports fs',
    ],
    [
      'of purity by a dependency',
      'groups/src/index.ts',
      `import { WebSocket } from 'ws';\n`,
      'groups/src/index.ts:1 is pure and imports the dependency ws',
    ],
    [
      'of purity by running an impure sibling',
      'groups/src/index.ts',
      `import { open } from '@choir/journal';\n`,
      'groups/src/index.ts:1 is pure and imports @choir/journal, which is not (a type-only import may)',
    ],
    [
      'of a pure folder',
      'server/src/host/host.ts',
      `import { createServer } from 'node:net';\n`,
      'server/src/host/host.ts:1 is pure and imports node:net',
    ],
    [
      'of a pure folder by its impure neighbour',
      'server/src/host/host.ts',
      `import { socket } from '../socket.ts';\n`,
      'server/src/host/host.ts:1 is pure and imports ../socket.ts, which is not (a type-only import may)',
    ],
    [
      'of a pure package with one impure folder',
      'testkit/src/index.ts',
      `import { disk } from './node/disk.ts';\n`,
      'testkit/src/index.ts:1 is pure and imports ./node/disk.ts, which is not (a type-only import may)',
    ],
    [
      'by a path out of the package',
      'bytes/src/index.ts',
      `import { Group } from '../../groups/src/index.ts';\n`,
      'bytes/src/index.ts:1 leaves its package for ../../groups/src/index.ts',
    ],
  ];

  test.each(planted)('%s', (_why, path, text, violation) => {
    write(`packages/${path}`, text);
    expect(checkImports(root).violations).toEqual([`packages/${violation}`]);
  });
});

test('a package that is not in the table is a violation', () => {
  write('packages/extra/package.json', '{}');
  expect(checkImports(root).violations).toEqual(['packages/extra is not in the floors table']);
});

test('a package of the table without a module is a violation', () => {
  rmSync(join(root, 'packages/groups'), { recursive: true });
  expect(checkImports(root).violations).toEqual(['packages/groups/src holds no module']);
});

test('a table that is missing or unreadable is an error', () => {
  write('ARCHITECTURE.md', '# Architecture\n');
  expect(() => checkImports(root)).toThrow('no table');
  write('ARCHITECTURE.md', table.replace('except `src/node`', 'mostly'));
  expect(() => checkImports(root)).toThrow('not a value of the column pure: mostly');
});

describe('the table itself is judged', () => {
  const mistakes: readonly [from: string, to: string, violation: string][] = [
    [
      '`journal` | `bytes`',
      '`journal` | `groups`',
      'journal may import groups, which is on a higher floor',
    ],
    [
      '`journal` | `bytes`',
      '`journal` | `disk`',
      'journal may import disk, which is not in the table',
    ],
    [
      '`bytes` | nothing',
      '`bytes` | `testkit`',
      'bytes may import testkit, which leads back to bytes',
    ],
    [
      '`client` | `bytes`',
      '`client` | `groups`',
      'client may import groups, which is on a higher floor',
    ],
  ];

  test.each(mistakes)('%s → %s', (from, to, violation) => {
    write('ARCHITECTURE.md', table.replace(from, to));
    expect(checkImports(root).violations).toContain(violation);
  });
});
