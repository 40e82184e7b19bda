/** `choir serve` on a port of the system's choice, with data of its own, until the test is over. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const choir = fileURLToPath(new URL('../../cli/bin/choir.mjs', import.meta.url));

export class ChoirServe {
  readonly folder: string;
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(folder: string, url: string, child: ChildProcess) {
    this.folder = folder;
    this.url = url;
    this.#child = child;
  }

  /** `prepare` may put files into the folder; it returns further arguments. */
  static async start(
    prepare: (folder: string) => readonly string[] = () => [],
  ): Promise<ChoirServe> {
    const folder = mkdtempSync(join(tmpdir(), 'choir-conformance-'));
    const args = ['serve', '--port', '0', '--data', join(folder, 'data'), '--json'];
    const child = spawn(process.execPath, [choir, ...args, ...prepare(folder)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, CHOIR_STATE: join(folder, 'state') },
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const { type, url } = JSON.parse(line);
      if (type === 'ready') return new ChoirServe(folder, String(url), child);
    }
    throw new Error('choir serve did not start');
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}

/** Runs a command that ends; returns what it printed. */
export function run(folder: string, ...args: readonly string[]): string {
  const env = { ...process.env, CHOIR_STATE: join(folder, 'state') };
  return execFileSync(process.execPath, [choir, ...args], { cwd: folder, env }).toString();
}
