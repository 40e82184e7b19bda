// node tools/peers/chromium.ts     finds the browser that the tests of the page drive
//
// When it is missing it is installed where that surprises nobody (as root, or in CI), else the line
// that installs it is printed, and those tests are skipped. In CI they must not be: there the exit
// code tells.

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const install = ['apt-get', 'install', '--yes', '--no-install-recommends', 'chromium'];

type Machine = {
  readonly path: string;
  readonly isRoot: boolean;
  readonly isCi: boolean;
};

/** The first of the names that can be run. */
function browserIn(path: string): string | undefined {
  const candidates = names.flatMap((name) => path.split(delimiter).map((dir) => join(dir, name)));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What has to be done: nothing, commands to run, or a line to print. */
export function planFor({ path, isRoot, isCi }: Machine): 'ready' | 'advise' | readonly string[][] {
  if (browserIn(path) !== undefined) return 'ready';
  if (!isRoot && !isCi) return 'advise';
  const asRoot = isRoot ? [] : ['sudo', '--non-interactive'];
  return [
    [...asRoot, 'apt-get', 'update'],
    [...asRoot, ...install],
  ];
}

function main(): void {
  const path = process.env['PATH'] ?? '';
  const isCi = process.env['CI'] === 'true';
  const plan = planFor({ path, isRoot: process.getuid?.() === 0, isCi });
  if (plan === 'ready') return;
  if (plan === 'advise') {
    console.log('No Chromium: the tests in a browser are skipped. To run them, first:');
    console.log(`  sudo ${install.join(' ')}`);
    return;
  }
  for (const [command = '', ...args] of plan) {
    console.log(`No Chromium yet: ${command} ${args.join(' ')}`);
    spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  if (browserIn(path) !== undefined) return;
  console.log('Chromium could not be installed: the tests in a browser cannot run.');
  if (isCi) process.exitCode = 1;
}

if (import.meta.main) main();
