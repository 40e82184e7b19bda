// node tools/pack/main.ts [FOLDER]     makes dist/choir-client.tgz and dist/choir-process-group.tgz, for
//                                      `npm install` elsewhere

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileOf, type Product, products } from './products.ts';
import { stage } from './staged.ts';

const root = join(import.meta.dirname, '../..');
const destination = resolve(process.argv[2] ?? join(root, 'dist'));
mkdirSync(destination, { recursive: true });
for (const product of products) console.log(pack(product));
console.log('In the folder of an application: npm install FILE');

function pack(product: Product): string {
  const folder = mkdtempSync(join(tmpdir(), 'choir-pack-'));
  try {
    const staged = stage(root, folder, product);
    const npm = process.env['npm_execpath'];
    const args = ['pack', '--silent', '--pack-destination', folder];
    const [command, ...before] = npm === undefined ? ['npm'] : [process.execPath, npm];
    const made = execFileSync(command ?? 'npm', [...before, ...args], { cwd: staged }).toString();
    const file = join(destination, fileOf(product));
    copyFileSync(join(folder, made.trim()), file);
    return file;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
