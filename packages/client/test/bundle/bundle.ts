/** A page's program in one file, as an application would deliver it. */
import { relative } from 'node:path';
import { build } from 'vite';

const root = new URL('../../../..', import.meta.url).pathname;
const bundles = new Map<string, Promise<string>>();

/** `entry`: a path. Minified, without what is not used. */
export function bundle(entry: string): Promise<string> {
  const known = bundles.get(entry) ?? single(entry);
  bundles.set(entry, known);
  return known;
}

type Chunk = { readonly code: string; readonly modules: readonly string[] };

/** What the program would be smaller by without each of its modules, the heaviest first. */
export async function modulesOf(
  entry: string,
  size: (code: string) => number,
): Promise<readonly { readonly bytes: number; readonly module: string }[]> {
  const [whole] = await chunks(entry, null);
  if (whole === undefined) throw new Error(`${entry} is empty.`);
  const found: { bytes: number; module: string }[] = [];
  for (const module of whole.modules) {
    const all = await chunks(entry, module);
    const rest = all.filter(({ modules }) => modules[0] !== module || modules.length > 1);
    const bytes = size(whole.code) - rest.reduce((sum, { code }) => sum + size(code), 0);
    found.push({ bytes, module: relative(root, module) });
  }
  return found.sort((one, other) => other.bytes - one.bytes);
}

async function single(entry: string): Promise<string> {
  const [only, ...rest] = await chunks(entry, null);
  if (only === undefined || rest.length > 0) throw new Error(`${entry} is not one file.`);
  return only.code;
}

/** `apart`: a module that gets a file of its own. */
async function chunks(entry: string, apart: string | null): Promise<readonly Chunk[]> {
  const groups = [{ name: 'apart', test: (id: string) => id === apart }];
  const splitting = { groups, includeDependenciesRecursively: false };
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      target: 'es2023',
      write: false,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: entry,
        output: apart === null ? {} : { codeSplitting: splitting },
      },
    },
  });
  const [made] = [built].flat();
  const output = made !== undefined && 'output' in made ? made.output : [];
  return output.flatMap((each) =>
    each.type === 'chunk' ? [{ code: each.code, modules: Object.keys(each.modules) }] : [],
  );
}
