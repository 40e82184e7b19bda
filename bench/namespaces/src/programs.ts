/** The programs that load a system, one on each node: each prints lines of JSON. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { checkAgreement, type Report, readReport } from './load.ts';

const errorCharactersMax = 2_000;

export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly code = 'bench-program';
}

/** What it prints is read here: its standard error must be a pipe, and its output if `lines` is used. */
export class Program {
  readonly #child: ChildProcess;
  readonly #name: string;
  #errors = '';

  constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = `${this.#errors}${text}`.slice(-errorCharactersMax);
    });
    child.on('error', (error) => {
      this.#errors = error.message;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.pid !== 0 && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves once it runs no more, and all it printed is read. */
  async ended(): Promise<void> {
    if (this.isRunning) await once(this.#child, 'close');
  }

  /** An error that tells why it ended, by what it printed to standard error last. */
  get failure(): ProgramError {
    const how = this.#child.signalCode ?? this.#child.exitCode ?? 'did not start';
    return new ProgramError(`${this.#name} ended (${how}): ${this.#errors.trim()}`);
  }

  async *lines(): AsyncGenerator<string> {
    if (this.#child.stdout === null) return;
    for await (const line of createInterface({ input: this.#child.stdout })) yield line;
  }

  /** Ends it, at once with SIGKILL, else so when it takes longer than the patience. */
  async end(signal: 'SIGTERM' | 'SIGKILL', patienceMs = 5_000): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    this.#child.kill(signal);
    await ended;
    clearTimeout(timer);
  }
}

/**
 * Waits for the report of each program.
 *
 * @param withinMs after which they are ended, and the run has failed
 * @throws ProgramError when one ends without a report, ReportError when they do not agree
 */
export async function reportsOf(
  programs: readonly Program[],
  withinMs: number,
): Promise<readonly Report[]> {
  const endAll = () => Promise.all(programs.map((program) => program.end('SIGKILL')));
  const timer = setTimeout(endAll, withinMs);
  try {
    const reports = await Promise.all(programs.map(reportOf));
    checkAgreement(reports);
    return reports;
  } finally {
    clearTimeout(timer);
    await endAll();
  }
}

async function reportOf(program: Program): Promise<Report> {
  for await (const line of program.lines()) return readReport(line);
  await program.ended();
  throw program.failure;
}
