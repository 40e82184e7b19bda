import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parts } from './parts.ts';

const root = join(import.meta.dirname, '../..');

test('every test file belongs to exactly one part', () => {
  const files = globSync('{packages,examples,tools}/**/*.test.ts', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  });
  expect(files.length).toBeGreaterThan(0);
  const running = parts.filter((part) => part.kind === 'test');
  for (const file of files) {
    const owners = running.filter((part) =>
      part.command.slice(2).some((folder) => file.startsWith(folder)),
    );
    expect([file, owners.length]).toEqual([file, 1]);
  }
});
