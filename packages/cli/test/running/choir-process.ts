/** `choir` as users run it: a real process, driven by its standard streams and signals. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
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

/** Starts a command with pipes for its streams, and with this beside the environment of the tests. */
export type Start = (
  command: readonly [program: string, ...args: string[]],
  environment: NodeJS.ProcessEnv,
) => ChildProcessWithoutNullStreams;

const startHere: Start = ([program, ...args], environment) =>
  spawn(program, args, { stdio: 'pipe', env: { ...process.env, ...environment } });

export class ChoirProcess {
  readonly out: LineLog;
  readonly errors: LineLog;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<Ended>;

  /** @param start on this machine when not given */
  constructor(args: readonly string[], environment: NodeJS.ProcessEnv, start: Start = startHere) {
    const command = [process.execPath, ...process.execArgv, choirPath, ...args] as const;
    const child = start(command, { NO_COLOR: '1', ...environment });
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
    this.#child.stdin.write(text);
  }

  endInput(data: string | Uint8Array = ''): void {
    this.#child.stdin.end(data);
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
