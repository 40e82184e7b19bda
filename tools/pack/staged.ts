// A product as a package that others can install: JavaScript and declarations, and inside it the
// packages that it needs. Node.js takes the types away from sources of its own project only, never below
// node_modules, so an application elsewhere cannot use the sources.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Product } from './products.ts';

export type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
};

/** From there on Node.js has SQLite, for outboxes in files and for groups of one machine, and a WebSocket without being asked. */
const engines = { node: '>=22.13' };

/** Compiles into `folder`, and returns the folder of a package that `npm pack` can take. */
export function stage(root: string, folder: string, product: Product): string {
  const { name, inside, entries, readme } = product;
  rmSync(folder, { recursive: true, force: true });
  compile(root, folder, product);
  nameWorkers(folder);
  const staged = join(folder, name);
  finish(root, name, staged, entries);
  for (const each of inside) {
    const place = join(staged, 'node_modules/@choir', each);
    mkdirSync(dirname(place), { recursive: true });
    cpSync(join(folder, each), place, { recursive: true });
    finish(root, each, place, ['.']);
  }
  cpSync(join(root, 'tools/pack', readme), join(staged, 'README.md'));
  return staged;
}

function compile(root: string, folder: string, { project }: Product): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const path = join(root, 'tools/pack', project);
  execFileSync(process.execPath, [compiler, '-p', path, '--outDir', folder], { stdio: 'inherit' });
}

const worker = /(?<=new URL\('\.\/[\w-]+)\.ts(?=', import\.meta\.url\))/g;

/** The compiler renames what is imported, and not what is started as a thread. */
function nameWorkers(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    const renamed = text.replaceAll(worker, '.js');
    if (renamed !== text) writeFileSync(file, renamed);
  }
}

function finish(root: string, name: string, place: string, entries: readonly string[]): void {
  const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
  const manifest = `${JSON.stringify(packed(JSON.parse(text), entries), null, 2)}\n`;
  writeFileSync(join(place, 'package.json'), manifest);
  cpSync(join(root, 'LICENSE'), join(place, 'LICENSE'));
}

/** What a package says of itself once it is compiled. */
export function packed(source: Manifest, entries: readonly string[]) {
  const { name, version, description, license, dependencies = {} } = source;
  const bundled = Object.keys(dependencies);
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines,
    exports: Object.fromEntries(
      Object.entries(source.exports)
        .filter(([entry]) => entries.includes(entry))
        .map(([entry, path]) => [entry, compiled(path)]),
    ),
    sideEffects: false,
    ...(bundled.length === 0 ? {} : { dependencies, bundleDependencies: bundled }),
  };
}

function compiled(path: string) {
  const stem = path.replace(/\.ts$/, '');
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}
