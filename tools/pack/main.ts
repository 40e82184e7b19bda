// node tools/pack/main.ts [FILE]     makes dist/choir-client.tgz, for `npm install` elsewhere

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { stage } from './staged.ts';

const root = join(import.meta.dirname, '../..');
const file = resolve(process.argv[2] ?? join(root, 'dist/choir-client.tgz'));
const folder = mkdtempSync(join(tmpdir(), 'choir-pack-'));
try {
  const client = stage(root, folder);
  const npm = process.env['npm_execpath'];
  const args = ['pack', '--silent', '--pack-destination', folder];
  const [command, ...before] = npm === undefined ? ['npm'] : [process.execPath, npm];
  const made = execFileSync(command ?? 'npm', [...before, ...args], { cwd: client }).toString();
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(join(folder, made.trim()), file);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${file}\nIn the folder of an application: npm install ${file}`);
