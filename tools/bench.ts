/** npm run bench -- SUITE [OPTION…]: the side-by-side benchmarks, one folder each. */
import { existsSync, readdirSync } from 'node:fs';

const [suite = '', ...rest] = process.argv.slice(2);
const folder = new URL('../bench/', import.meta.url);
const suites = readdirSync(folder, { withFileTypes: true })
  .filter(
    (entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/src/main.ts`, folder)),
  )
  .map((entry) => entry.name);

if (suites.includes(suite)) {
  const { main } = await import(new URL(`${suite}/src/main.ts`, folder).href);
  process.exitCode = await main(rest);
} else {
  const asked = suite === '' ? 'Which suite?' : `There is no suite "${suite}".`;
  console.error(
    `bench: ${asked}\n\n  npm run bench -- SUITE --help\n\nSuites: ${suites.join(', ')}`,
  );
  process.exitCode = 2;
}
