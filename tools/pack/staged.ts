// The client as a package that others can install: JavaScript and declarations, and inside it the two
// packages that it needs. Node.js takes the types away from sources of its own project only, never below
// node_modules, so an application elsewhere cannot use the sources.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
};

/** From there on Node.js has SQLite, for the outbox in a file, and a WebSocket without being asked. */
const engines = { node: '>=22.13' };

/** What an application may import; the session is the driver's and the simulator's. */
const entries = ['.', './node', './browser'];

const inside = ['bytes', 'protocol'];

/** Compiles into `folder`, and returns the folder of a package that `npm pack` can take. */
export function stage(root: string, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  compile(root, folder);
  const client = join(folder, 'client');
  finish(root, 'client', client);
  for (const name of inside) {
    const place = join(client, 'node_modules/@choir', name);
    mkdirSync(dirname(place), { recursive: true });
    cpSync(join(folder, name), place, { recursive: true });
    finish(root, name, place);
  }
  cpSync(join(root, 'tools/pack/client-readme.md'), join(client, 'README.md'));
  return client;
}

function compile(root: string, folder: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const project = join(root, 'tools/pack/tsconfig.json');
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', folder], {
    stdio: 'inherit',
  });
}

function finish(root: string, name: string, place: string): void {
  const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
  const manifest = `${JSON.stringify(packed(JSON.parse(text)), null, 2)}\n`;
  writeFileSync(join(place, 'package.json'), manifest);
  cpSync(join(root, 'LICENSE'), join(place, 'LICENSE'));
}

/** What a package says of itself once it is compiled. */
export function packed(source: Manifest) {
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
