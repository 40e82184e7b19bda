// npm start: builds the console, then runs `choir serve` with the defaults.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const page = join(root, 'packages/console');
const choir = join(root, 'packages/cli/bin/choir.mjs');

if (existsSync(join(page, 'index.html'))) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: page,
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error('The console did not build.');
    process.exit(1);
  }
}

process.argv = [process.execPath, choir, 'serve', ...process.argv.slice(2)];
await import('../packages/cli/bin/choir.mjs');
