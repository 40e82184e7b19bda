/** An application of somebody else: a folder outside of Choir, with what `npm install` puts there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export class Application {
  readonly folder = mkdtempSync(join(tmpdir(), 'choir-application-'));

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Packs the client, and installs it without asking any registry. */
  install(): void {
    const packed = join(this.folder, 'choir-client.tgz');
    execFileSync(process.execPath, [join(import.meta.dirname, 'main.ts'), packed]);
    this.write('package.json', '{ "type": "module", "private": true }');
    execFileSync('npm', ['install', '--offline', '--silent', packed], { cwd: this.folder });
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
