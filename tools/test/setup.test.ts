// Several first starts in a fresh clone, as somebody makes them who types a command into three terminals.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';

const root = join(import.meta.dirname, '../..');
const needed = ['tools/setup.mjs', 'tools/one-at-a-time.mjs', 'packages/cli/bin/current-node.mjs'];
const lock = '{"packages": {"node_modules/one": {"version": "1.0.0"}}}';
/** Installs when it is told to, and writes down that it did. */
const npm = `
  const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync('installed', 'x');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync('go')) Atomics.wait(pause, 0, 0, 10);
  mkdirSync('node_modules', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(lock)});
`;

class Clone {
  readonly folder = mkdtempSync(join(tmpdir(), 'choir-clone-'));

  constructor() {
    for (const file of needed) cpSync(join(root, file), join(this.folder, file));
    this.write('package-lock.json', lock);
    this.write('npm.cjs', npm);
    mkdirSync(join(this.folder, 'program'));
    this.write('program/main.mjs', "console.log('runs');");
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  has(file: string): boolean {
    return existsSync(join(this.folder, file));
  }

  /** How often npm was called. */
  get installations(): number {
    return this.has('installed') ? readFileSync(join(this.folder, 'installed')).length : 0;
  }

  /** Sets up, and runs the program. */
  start(): Start {
    const start = new Start(this.folder);
    onTestFinished(() => start.kill());
    return start;
  }
}

class Start {
  said = '';
  readonly ended: Promise<number | null>;
  readonly #child;

  constructor(folder: string) {
    const env = { ...process.env, npm_execpath: join(folder, 'npm.cjs') };
    const command = [join(folder, 'tools/setup.mjs'), 'program/main.mjs'];
    this.#child = spawn(process.execPath, command, { cwd: folder, env, stdio: 'pipe' });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (text) => {
        this.said += text;
      });
    }
    this.ended = new Promise((resolve) => this.#child.on('close', resolve));
  }

  says(text: string): Promise<unknown> {
    return vi.waitFor(() => expect(this.said).toContain(text), 10_000);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

test('one installs, the others wait for it, and all run', async () => {
  const clone = new Clone();
  const first = clone.start();
  await first.says('Installing dependencies');
  const others = [clone.start(), clone.start()];
  for (const other of others) await other.says('is installing dependencies: waiting for it');
  clone.write('go', '');
  for (const start of [first, ...others]) {
    expect(await start.ended).toBe(0);
    expect(start.said).toContain('runs');
  }
  expect(clone.installations).toBe(1);
  expect(clone.has('.installing')).toBe(false);
});

test('when the one that installs is killed, the next one does it', async () => {
  const clone = new Clone();
  const first = clone.start();
  await first.says('Installing dependencies');
  const next = clone.start();
  await next.says('is installing dependencies: waiting for it');
  first.kill();
  await next.says('Installing dependencies (npm ci)');
  clone.write('go', '');
  expect(await next.ended).toBe(0);
  expect(next.said).toContain('runs');
});
