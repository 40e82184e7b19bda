/** A page's program in one file, as an application would deliver it. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const bundles = new Map<string, Promise<string>>();

/** `entry`: a file of the folder `page`. Minified, without what is not used. */
export function bundle(entry: string): Promise<string> {
  const known = bundles.get(entry) ?? make(entry);
  bundles.set(entry, known);
  return known;
}

async function make(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      target: 'es2023',
      write: false,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: fileURLToPath(new URL(`page/${entry}`, import.meta.url)) },
    },
  });
  const [made] = [built].flat();
  const [chunk, ...rest] = made !== undefined && 'output' in made ? made.output : [];
  if (chunk?.type !== 'chunk' || rest.length > 0) throw new Error(`${entry} is not one file.`);
  return chunk.code;
}
