/**
 * A server of the replay's own: `choir serve` in a child process, with its data in a temporary
 * folder. It can be killed (kill -9) and started again on the same port and data.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const choir = fileURLToPath(new URL('../../../../packages/cli/bin/choir.mjs', import.meta.url));
const stopWithinMs = 10_000;

export class OwnServer {
  readonly url: string;
  #child: ChildProcess;
  readonly #data: string;
  #kills = 0;

  private constructor(data: string, child: ChildProcess, url: string) {
    this.#data = data;
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<OwnServer> {
    const data = mkdtempSync(join(tmpdir(), 'choir-replay-'));
    const { child, url } = await serve(data, 0);
    return new OwnServer(data, child, url);
  }

  get kills(): number {
    return this.#kills;
  }

  async killAndRestart(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
    this.#kills += 1;
    const { child } = await serve(this.#data, Number(new URL(this.url).port));
    this.#child = child;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopWithinMs);
      this.#child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.#data, { recursive: true, force: true });
  }
}

async function serve(data: string, port: number): Promise<{ child: ChildProcess; url: string }> {
  const args = [choir, 'serve', '--port', String(port), '--data', data, '--json'];
  const child = spawn(process.execPath, [...process.execArgv, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = `${errors}${text}`.slice(-2_000);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { type, url } = JSON.parse(line);
    if (type === 'ready' && typeof url === 'string') return { child, url };
  }
  throw new Error(`the server did not start:\n${errors}`);
}
