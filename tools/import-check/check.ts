// Judges every import under packages/*/src by the floors table.

import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { type Floor, judgeFloors, readFloors } from './floors.ts';
import { type Import, importsOf } from './specifiers.ts';

export type Report = {
  readonly packages: number;
  readonly modules: number;
  readonly violations: readonly string[];
};

export function checkImports(root: string): Report {
  const floors = readFloors(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
  const violations = [...judgeFloors(floors), ...judgePresence(root, floors)];
  let modules = 0;
  for (const floor of floors) {
    const folder = join(root, 'packages', floor.name);
    // An empty package is as suspicious as an empty check: a moved folder would go unread.
    const files = globSync('src/**/*.{ts,tsx,mts}', { cwd: folder }).sort();
    if (files.length === 0) violations.push(`packages/${floor.name}/src holds no module`);
    modules += files.length;
    for (const file of files) {
      for (const found of importsOf(readFileSync(join(folder, file), 'utf8'))) {
        const wrong = judge(floors, floor, file, found);
        if (wrong === undefined) continue;
        violations.push(`packages/${floor.name}/${file}:${found.line} ${wrong}`);
      }
    }
  }
  return { packages: floors.length, modules, violations };
}

function judgePresence(root: string, floors: readonly Floor[]): readonly string[] {
  const present = readdirSync(join(root, 'packages'));
  return present
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .filter((name) => !floors.some((floor) => floor.name === name))
    .map((name) => `packages/${name} is not in the floors table`);
}

function judge(
  floors: readonly Floor[],
  importer: Floor,
  file: string,
  { specifier, typeOnly }: Import,
): string | undefined {
  const pure = importer.isPure(file);
  if (specifier.startsWith('.')) return judgeRelative(importer, file, { specifier, typeOnly });
  const sibling = /^@choir\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (sibling === null) {
    if (!pure) return undefined;
    return isBuiltin(specifier)
      ? `is pure and imports ${specifier}`
      : `is pure and imports the dependency ${specifier}`;
  }
  const [, name = '', entry = ''] = sibling;
  if (!importer.mayImport.includes(name)) return `may not import ${specifier}`;
  const target = floors.find((floor) => floor.name === name);
  const targetPure = target?.isPure(`src/${entry === '' ? '' : `${entry}/`}index.ts`);
  if (pure && targetPure === false && !typeOnly) {
    return `is pure and imports ${specifier}, which is not (a type-only import may)`;
  }
  return undefined;
}

function judgeRelative(
  importer: Floor,
  file: string,
  { specifier, typeOnly }: Omit<Import, 'line'>,
): string | undefined {
  const target = posix.join(posix.dirname(file), specifier);
  if (!target.startsWith('src/')) return `leaves its package for ${specifier}`;
  if (importer.isPure(file) && !importer.isPure(target) && !typeOnly) {
    return `is pure and imports ${specifier}, which is not (a type-only import may)`;
  }
  return undefined;
}
