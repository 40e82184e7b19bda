/** `choir serve` as a process of its own, which can be killed and started again on the same data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const choir = fileURLToPath(new URL('../../../cli/bin/choir.mjs', import.meta.url));

export class Server {
  readonly #data: string;
  readonly #options: readonly string[];
  #process: ChildProcess | null = null;
  #url = '';

  /** `options`: of `choir serve`, beside where it listens and what it stores. */
  constructor(data: string, options: readonly string[] = []) {
    this.#data = data;
    this.#options = options;
  }

  /** Of its WebSocket. */
  get url(): string {
    return this.#url;
  }

  get page(): string {
    return `${this.#url.replace(/^ws/, 'http')}/`;
  }

  /** Resolves when it serves: at first on a free port, later on the same one. */
  async start(): Promise<void> {
    const { port = '0' } = this.#url === '' ? {} : new URL(this.#url);
    const args = ['serve', '--json', '--port', port, '--data', this.#data, ...this.#options];
    const started = spawn(process.execPath, [choir, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#process = started;
    for await (const line of createInterface({ input: started.stdout })) {
      this.#url = String(JSON.parse(line).url);
      return;
    }
    throw new Error('choir serve ended before it served.');
  }

  /** As a power failure would end it. */
  async kill(): Promise<void> {
    const ending = this.#process;
    this.#process = null;
    if (ending === null) return;
    const exited = once(ending, 'exit');
    ending.kill('SIGKILL');
    await exited;
  }
}

/** Runs a command of choir that ends, and returns what it printed. */
export async function run(...args: readonly string[]): Promise<string> {
  const started = spawn(process.execPath, [choir, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(started, 'exit');
  let printed = '';
  for await (const piece of started.stdout) printed += piece;
  await exited;
  return printed;
}
