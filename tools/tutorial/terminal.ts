// A terminal of the reader: a folder, and one program at a time whose output is compared with the page.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Line } from './page.ts';

/** How long a line may take to come; a lost connection is tried again after at most 8 s. */
const lineMsMax = 40_000;

export class Terminal {
  readonly #name: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #even: (line: string) => string;
  #folder: string;
  #program: ChildProcess | null = null;
  #closed: Promise<unknown> = Promise.resolve();
  /** Printed and not shown by the page yet. */
  #printed: string[] = [];
  #wake: () => void = () => {};
  #eliding = false;
  #isEnding = false;

  /** `even`: what a printed line looks like on the page. */
  constructor(
    name: string,
    folder: string,
    environment: NodeJS.ProcessEnv,
    even: (line: string) => string,
  ) {
    this.#name = name;
    this.#folder = folder;
    this.#environment = environment;
    this.#even = even;
  }

  /** A block of the page. A program that was interrupted in it, or its input ended, has ended when it is over. */
  async session(lines: readonly Line[]): Promise<void> {
    for (const line of lines) await this.#perform(line);
    if (this.#isEnding) await this.ended();
  }

  async #perform(line: Line): Promise<void> {
    switch (line.kind) {
      case 'command':
        if (line.text === 'fg') {
          this.#signal('SIGCONT');
          return;
        }
        await this.ended();
        await this.#command(line.text);
        return;
      case 'typed':
        this.#program?.stdin?.write(`${line.text}\n`);
        return;
      case 'interrupt':
        // To all of them, as a terminal does: npm has started others.
        this.#signal('SIGINT');
        this.#isEnding = true;
        return;
      case 'end':
        this.#program?.stdin?.end();
        this.#isEnding = true;
        return;
      case 'stop':
        // Not SIGTSTP, which a process without a terminal does not heed.
        this.#signal('SIGSTOP');
        return;
      case 'elided':
        this.#eliding = true;
        return;
      case 'printed':
        await this.#shown(line.text);
        return;
      default:
        line satisfies never;
    }
  }

  /** Waits for the program to end; what it printed must all have been shown. */
  async ended(): Promise<void> {
    await this.#within(this.#closed, 'the program to end');
    this.#program = null;
    this.#isEnding = false;
    const rest = this.#eliding ? [] : this.#printed;
    this.#printed = [];
    this.#eliding = false;
    if (rest.length > 0) throw this.#error(`the page does not show\n${rest.join('\n')}`);
  }

  async stop(): Promise<void> {
    if (this.#program?.exitCode === null) this.#signal('SIGKILL');
    await this.#closed;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#program ?? {};
    if (pid === undefined) throw this.#error(`no program is running for ${signal}`);
    process.kill(-pid, signal);
  }

  async #command(text: string): Promise<void> {
    const folder = /^cd (\S+)$/.exec(text)?.[1];
    if (folder !== undefined) {
      this.#folder = join(this.#folder, folder);
      return;
    }
    const program = spawn('/bin/sh', ['-c', `exec ${text}`], {
      cwd: this.#folder,
      env: { ...process.env, NO_COLOR: '1', ...this.#environment },
      detached: true,
    });
    this.#program = program;
    this.#closed = once(program, 'close');
    this.#listen(program.stdout);
    // What npm and the server tell on standard error is of no interest here.
    if (text.startsWith('npm ')) program.stderr.resume();
    else this.#listen(program.stderr);
  }

  #listen(stream: NodeJS.ReadableStream): void {
    createInterface({ input: stream }).on('line', (line) => {
      this.#printed.push(this.#even(line));
      this.#wake();
    });
  }

  async #shown(text: string): Promise<void> {
    const wanted = patternOf(text);
    for (;;) {
      const line = await this.#within(this.#next(), JSON.stringify(text));
      const found = wanted.test(line);
      if (!found && !this.#eliding)
        throw this.#error(`the page shows ${text}, printed was ${line}`);
      if (!found) continue;
      this.#eliding = false;
      return;
    }
  }

  async #next(): Promise<string> {
    for (;;) {
      const line = this.#printed.shift();
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #within<T>(promise: Promise<T>, what: string): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = this.#error(`waited too long for ${what}`);
      timer = setTimeout(() => reject(error), lineMsMax);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #error(what: string): Error {
    return new Error(`Terminal ${this.#name}: ${what}`);
  }
}

/** `…` stands for anything. */
function patternOf(text: string): RegExp {
  const literal = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('…', '.*')}$`);
}
