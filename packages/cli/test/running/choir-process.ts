/** `choir` as users run it: a real process, driven by its standard streams and signals. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LineLog } from './line-log.ts';

const choirPath = fileURLToPath(new URL('../../bin/choir.mjs', import.meta.url));

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export class ChoirProcess {
  readonly out: LineLog;
  readonly errors: LineLog;
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv) {
    const child = spawn(process.execPath, [...process.execArgv, choirPath, ...args], {
      stdio: 'pipe',
      env: { ...process.env, NO_COLOR: '1', ...environment },
    });
    this.#child = child;
    this.out = new LineLog(child.stdout);
    this.errors = new LineLog(child.stderr);
    this.#ended = once(child, 'close').then(([code, signal]) => ({
      code,
      signal,
      stdout: this.out.text,
      stderr: this.errors.text,
    }));
    // A process that ended does not read what is still written to it.
    child.stdin.on('error', () => {});
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('choir did not start');
    return pid;
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  endInput(data: string | Uint8Array = ''): void {
    this.#child.stdin?.end(data);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  /** The next JSON object on standard output that has these values. */
  async json(wanted: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const line = await this.out.next((text) => matches(JSON.parse(text), wanted));
    return JSON.parse(line);
  }
}

function matches(found: unknown, wanted: Readonly<Record<string, unknown>>): boolean {
  if (typeof found !== 'object' || found === null) return false;
  const values = new Map(Object.entries(found));
  return Object.entries(wanted).every(([name, value]) => values.get(name) === value);
}
