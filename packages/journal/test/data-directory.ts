/** Scratch data directories of the tests, and what a kill would leave of one. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { filesIn } from '../src/sqlite/files.ts';

/** A directory that goes away with the test. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'choir-journal-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * Copies the files of an open journal as a kill at this moment would leave them. The head file goes
 * first, so that the copy of it is not ahead of what it speaks of.
 */
export function copyAsKilled(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const { head, log, database } = filesIn(from);
  for (const file of [head, log, database]) {
    if (existsSync(file)) copyFileSync(file, join(to, basename(file)));
  }
}
