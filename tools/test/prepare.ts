// What a part needs of the machine, before its time begins to count. Its output is shown as it comes.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Part } from './parts.ts';

/** Whether the part can run. */
export function prepare({ preparation }: Part, root: string): boolean {
  if (preparation === undefined) return true;
  const { status } = spawnSync(process.execPath, [join(root, preparation)], { stdio: 'inherit' });
  return status === 0;
}
