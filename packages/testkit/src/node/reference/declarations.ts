/** The public declarations of a package, as `npm run pack` gives them to others. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Comment, type Node, parseSync } from 'oxc-parser';

const root = join(import.meta.dirname, '../../../../..');

export type Member = {
  readonly name: string;
  readonly isStatic: boolean;
  /** Without its docstring. */
  readonly text: string;
  readonly doc: string;
};

export type Declaration = {
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'type' | 'function' | 'value';
  readonly text: string;
  readonly doc: string;
  /** Of classes and interfaces. */
  readonly members: readonly Member[];
  /** What it extends. */
  readonly base: string | null;
  readonly interfaces: readonly string[];
};

export type Source = {
  /** The folder of the package. */
  readonly name: string;
  /** The compiler's project in `tools/pack`. */
  readonly project: string;
  /** Other packages that carry what it gives on. What comes from any other is explained there. */
  readonly inside?: readonly string[];
};

/** Per entry of the package its declarations, in the order of the export list. */
export function publicDeclarations(source: Source, entries: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'choir-declarations-'));
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const project = ['-p', join(root, 'tools/pack', source.project), '--outDir', folder];
    const only = ['--emitDeclarationOnly', '--sourceMap', 'false', '--inlineSources', 'false'];
    // What is marked as internal is nobody's to use.
    execFileSync(process.execPath, [compiler, ...project, ...only, '--stripInternal', 'true']);
    const { name, inside = [] } = source;
    return entries.map((entry) => {
      const file = join(folder, name, 'src', `${entry}.d.ts`);
      return exportsOf(file, { folder, inside, given: givenOn(file) });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where the declarations are. */
type Packages = {
  readonly folder: string;
  readonly inside: readonly string[];
  /** What is given on from other packages. */
  readonly given: ReadonlySet<string>;
};

function givenOn(file: string): ReadonlySet<string> {
  const names = parse(file).program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    if (statement.source?.value.startsWith('@choir/') !== true) return [];
    return statement.specifiers.map(({ local }) => nameOf(local));
  });
  return new Set(names);
}

function exportsOf(file: string, packages: Packages): readonly Declaration[] {
  const { program } = parse(file);
  return program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const target = targetOf(file, statement.source?.value, packages);
    if (target === null) return [];
    return statement.specifiers.map(({ local }) => declarationOf(target, nameOf(local), packages));
  });
}

/** Null when the module is of a package that explains it itself. */
function targetOf(file: string, module: string | undefined, packages: Packages): string | null {
  if (module === undefined) return null;
  if (module.startsWith('.')) return join(dirname(file), module.replace(/\.ts$/, '.d.ts'));
  const name = module.replace('@choir/', '');
  return packages.inside.includes(name) ? join(packages.folder, name, 'src/index.d.ts') : null;
}

function declarationOf(file: string, name: string, packages: Packages): Declaration {
  const { program, text, comments } = parse(file);
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const { declaration, source, specifiers } = statement;
    const target = targetOf(file, source?.value, packages);
    if (target !== null && specifiers.some(({ exported }) => nameOf(exported) === name)) {
      return declarationOf(target, name, packages);
    }
    if (declaration === null || declaredName(declaration) !== name) continue;
    const doc = docBefore(statement.start, text, comments);
    const own = bare(text.slice(declaration.start, declaration.end));
    const isOwn = !packages.given.has(name);
    const parts = partsOf(own, program.body, (part, isExported) =>
      isOwn ? !isExported : part !== name && !packages.given.has(part),
    );
    const shown = [own, ...parts.map(({ start, end }) => bare(text.slice(start, end)))].join(
      '\n\n',
    );
    return { name, doc, text: shown, ...shapeOf(declaration, text, comments) };
  }
  throw new Error(`${file} does not declare ${name}`);
}

function bare(text: string): string {
  return text.replace(/^declare /, '');
}

/** A type that is not given to applications shows only with those that are made of it. */
function partsOf(
  own: string,
  body: readonly Node[],
  isPart: (name: string, isExported: boolean) => boolean,
): readonly Node[] {
  return body.flatMap((each) => {
    const isExported = each.type === 'ExportNamedDeclaration';
    const node = isExported ? each.declaration : each;
    if (node?.type !== 'TSTypeAliasDeclaration' || !isPart(node.id.name, isExported)) return [];
    return new RegExp(`\\b${node.id.name}\\b`).test(own) ? [node] : [];
  });
}

type Shape = Pick<Declaration, 'kind' | 'members' | 'base' | 'interfaces'>;

function shapeOf(node: Node, text: string, comments: readonly Comment[]): Shape {
  const bare = { members: [], base: null, interfaces: [] };
  switch (node.type) {
    case 'ClassDeclaration': {
      const { superClass } = node;
      const base = superClass?.type === 'Identifier' ? superClass.name : null;
      const interfaces = (node.implements ?? []).map(({ start, end }) => text.slice(start, end));
      return {
        kind: 'class',
        base,
        interfaces,
        members: membersOf(node.body.body, text, comments),
      };
    }
    case 'TSInterfaceDeclaration':
      return { ...bare, kind: 'interface', members: membersOf(node.body.body, text, comments) };
    case 'TSTypeAliasDeclaration':
      return { ...bare, kind: 'type' };
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
      return { ...bare, kind: 'function' };
    default:
      return { ...bare, kind: 'value' };
  }
}

function membersOf(nodes: readonly Node[], text: string, comments: readonly Comment[]) {
  return nodes.flatMap((node): readonly Member[] => {
    const shown = text.slice(node.start, node.end);
    if (/^(#|protected |private )/.test(shown) || !('key' in node)) return [];
    const key = node.key;
    if (key === null) return [];
    const name = text.slice(key.start, key.end);
    const isStatic = 'static' in node && node.static;
    return [{ name, isStatic, text: shown, doc: docBefore(node.start, text, comments) }];
  });
}

function declaredName(node: Node): string {
  if (node.type === 'VariableDeclaration') return nameOf(node.declarations[0]?.id);
  return 'id' in node ? nameOf(node.id) : '';
}

function nameOf(node: Node | null | undefined): string {
  return node != null && 'name' in node && typeof node.name === 'string' ? node.name : '';
}

/** The docstring that ends where something begins, without its stars. */
function docBefore(start: number, text: string, comments: readonly Comment[]): string {
  const found = comments.find(({ end }) => end <= start && text.slice(end, start).trim() === '');
  if (found === undefined || !found.value.startsWith('*')) return '';
  return found.value.replaceAll(/^[ \t]*\*?[ \t]?/gm, '').trim();
}

function parse(file: string) {
  const text = readFileSync(file, 'utf8');
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  return { program, comments, text };
}
