/**
 * A copy of the packages in a directory of its own, in which one line at a time is changed. Dependencies are those
 * of the original; the packages of the workspace are the copies.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Mutant } from '../index.ts';

const scope = '@choir';
/** What the copy needs beside its packages, for vitest. */
const rootFiles = ['package.json', 'vitest.config.ts', 'tsconfig.json'];
const leftBehind = new Set(['node_modules', '.types']);

export class MutatedCopy {
  readonly root: string;
  #undo: (() => void) | null = null;

  constructor(original: string) {
    this.root = mkdtempSync(join(tmpdir(), 'choir-mutants-'));
    const copied = (path: string): boolean => !leftBehind.has(basename(path));
    for (const folder of ['packages', 'tsconfig']) {
      cpSync(join(original, folder), join(this.root, folder), { recursive: true, filter: copied });
    }
    for (const file of rootFiles) cpSync(join(original, file), join(this.root, file));
    this.#linkModules(join(original, 'node_modules'));
  }

  /** Throws when the line to change is not there exactly once: the table is out of date. */
  apply({ file, find, replace, property }: Mutant): void {
    this.restore();
    const path = join(this.root, file);
    const text = readFileSync(path, 'utf8');
    const found = text.split(find).length - 1;
    if (found !== 1) {
      throw new Error(
        `The mutant of ${property} finds its line ${found} times in ${file}:\n  ${find}`,
      );
    }
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
    this.#undo = () => writeFileSync(path, text);
  }

  restore(): void {
    this.#undo?.();
    this.#undo = null;
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  /** Links made by npm for the workspace point to the originals: these are made anew. */
  #linkModules(modules: string): void {
    const own = join(this.root, 'node_modules');
    mkdirSync(join(own, scope), { recursive: true });
    for (const name of readdirSync(modules)) {
      if (name !== scope) symlinkSync(join(modules, name), join(own, name));
    }
    for (const name of readdirSync(join(this.root, 'packages'))) {
      symlinkSync(join(this.root, 'packages', name), join(own, scope, name));
    }
  }
}
