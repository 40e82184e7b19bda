/** An application of somebody else: a folder outside of Choir, with what `npm install` puts there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileOf, products } from './products.ts';

const root = join(import.meta.dirname, '../..');

export class Application {
  readonly folder = mkdtempSync(join(tmpdir(), 'choir-application-'));

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Packs the products, and installs them without asking any registry. */
  install(): void {
    execFileSync(process.execPath, [join(import.meta.dirname, 'main.ts'), this.folder]);
    this.write('package.json', '{ "type": "module", "private": true }');
    const files = products.map(fileOf);
    execFileSync('npm', ['install', '--offline', '--silent', ...files], { cwd: this.folder });
  }

  /** Runs a program on this Node.js; returns what it printed. */
  run(program: string, ...args: readonly string[]): string {
    return this.#execute([join(this.folder, program), ...args]);
  }

  /** Runs a tool of Choir's own development on the application. */
  tool(path: string, ...args: readonly string[]): string {
    return this.#execute([join(root, 'node_modules', path), ...args]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #execute(args: readonly string[]): string {
    return execFileSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8' });
  }
}
