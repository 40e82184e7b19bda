/** A terminal of the counter, as users start it: a process, which is killed when the test is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFailed, onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** What the processes of one test share, and no other process has. */
export function runtimeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export class Terminal {
  /** With its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #shown: string[] = [];

  constructor(directory: string, ...args: readonly string[]) {
    const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
      env: { ...process.env, CHOIR_RUNTIME: directory },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => {
      child.once('close', resolve);
    });
    onTestFinished(async () => {
      this.signal('SIGKILL');
      await this.ended;
    });
    onTestFailed(() => console.error(`${args.join(' ')} showed:\n${this.#shown.join('\n')}`));
  }

  type(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Types nothing any more. */
  end(): void {
    this.#process.stdin?.end();
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Resolves when this line is shown, which was not waited for before, or one that matches. */
  async shows(line: string | RegExp): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error(`It ended before it showed ${line}.`);
      const shown = value.trim().replace(/ +/, ' ');
      this.#shown.push(shown);
      if (typeof line === 'string' ? shown === line : line.test(shown)) return shown;
    }
  }
}
