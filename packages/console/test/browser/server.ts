/** `choir serve` as a process of its own, which can be killed and started again on the same data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const choir = fileURLToPath(new URL('../../../cli/bin/choir.mjs', import.meta.url));

export class Server {
  readonly #data: string;
  #process: ChildProcess | null = null;
  #url = '';

  constructor(data: string) {
    this.#data = data;
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
    const args = [choir, 'serve', '--json', '--port', port, '--data', this.#data];
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
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
