// node tools/tidy/main.ts
// Judges every text file that git knows or would add.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, placeOf } from './rules.ts';

const root = join(import.meta.dirname, '../..');
const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root });
const paths = listed
  .toString()
  .split('\0')
  // A file may be deleted and not yet committed.
  .filter((path) => path !== '' && existsSync(join(root, path)));

let sources = 0;
let untidy = 0;
for (const path of paths) {
  const bytes = readFileSync(join(root, path));
  if (bytes.includes(0)) continue;
  if (placeOf(path) === 'src') sources += 1;
  for (const wrong of judge(path, bytes.toString())) {
    untidy += 1;
    console.error(wrong);
  }
}
console.log(`${paths.length} files, ${sources} of them sources, ${untidy} untidy places`);
if (sources === 0) console.error('No source was read: the check is looking in the wrong place.');
if (sources === 0 || untidy > 0) process.exitCode = 1;
