/** A data directory that power loss could take away would take the journal with it. */
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { filesIn, makeDirectory } from '../src/sqlite/files.ts';
import { scratchDirectory } from './data-directory.ts';

const synced = vi.hoisted((): { paths: string[] } => ({ paths: [] }));

vi.mock('node:fs', async (actual) => {
  const fs = await actual<typeof import('node:fs')>();
  const opened = new Map<number, string>();
  return {
    ...fs,
    openSync: (path: string, flags: string): number => {
      const descriptor = fs.openSync(path, flags);
      opened.set(descriptor, path);
      return descriptor;
    },
    fsyncSync: (descriptor: number): void => {
      synced.paths.push(opened.get(descriptor) ?? '');
      fs.fsyncSync(descriptor);
    },
  };
});

test('every name on the way to a new directory is synced, in the directory that holds it', () => {
  const root = scratchDirectory();
  makeDirectory(filesIn(join(root, 'state', 'choir', 'data')).directory);
  const holders = [root, join(root, 'state'), join(root, 'state', 'choir')];
  expect(synced.paths.toSorted()).toEqual(holders);
  synced.paths = [];
  makeDirectory(join(root, 'state', 'choir', 'data'));
  expect(synced.paths).toEqual([]);
});
