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
  readonly #args: readonly string[];
  #child: ChildProcess;

  private constructor(folder: string, args: readonly string[], started: Started) {
    this.folder = folder;
    this.url = started.url;
    this.#args = args;
    this.#child = started.child;
  }

  /** `prepare` may put files into the folder; it returns further arguments. */
  static async start(
    prepare: (folder: string) => readonly string[] = () => [],
  ): Promise<ChoirServe> {
    const folder = mkdtempSync(join(tmpdir(), 'choir-conformance-'));
    const args = prepare(folder);
    return new ChoirServe(folder, args, await serve(folder, 0, args));
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** On the same port, with the same data. */
  async startAgain(): Promise<void> {
    const port = Number(new URL(this.url).port);
    this.#child = (await serve(this.folder, port, this.#args)).child;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true });
  }
}

type Started = { readonly child: ChildProcess; readonly url: string };

async function serve(folder: string, port: number, more: readonly string[]): Promise<Started> {
  const args = ['serve', '--port', `${port}`, '--data', join(folder, 'data'), '--json', ...more];
  const child = spawn(process.execPath, [choir, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, CHOIR_STATE: join(folder, 'state') },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { type, url } = JSON.parse(line);
    if (type === 'ready') return { child, url: String(url) };
  }
  throw new Error('choir serve did not start');
}

/** Runs a command that ends; returns what it printed. */
export function run(folder: string, ...args: readonly string[]): string {
  const env = { ...process.env, CHOIR_STATE: join(folder, 'state') };
  return execFileSync(process.execPath, [choir, ...args], { cwd: folder, env }).toString();
}
