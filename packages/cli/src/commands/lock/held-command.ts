/** The command that runs while a lock is held. It shares the terminal and the standard streams. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { type ExitCode, exitNumber } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';

/** Between asking the command to end and ending it. */
const endWithinMs = 5_000;

export class HeldCommand {
  /** The exit code, or 128 and the number of the signal, as shells have it. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  #killer: NodeJS.Timeout | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        clearTimeout(this.#killer);
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  }

  static start(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<HeldCommand> {
    const [name = '', ...args] = command;
    const child = spawn(name, args, { stdio: 'inherit', env: environment });
    const held = new HeldCommand(child);
    return new Promise((resolve, reject) => {
      child.on('spawn', () => resolve(held));
      child.on('error', (error: NodeJS.ErrnoException) => reject(notStarted(name, error)));
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Asks it to end, and ends it when it does not. */
  end(): void {
    if (this.#killer !== undefined) return;
    this.#child.kill('SIGTERM');
    this.#killer = setTimeout(() => this.#child.kill('SIGKILL'), endWithinMs);
  }
}

function notStarted(name: string, error: NodeJS.ErrnoException): Failure {
  const code: ExitCode = error.code === 'ENOENT' ? 'not_found' : 'not_executable';
  const why = error.code === 'ENOENT' ? 'there is no such command' : error.message;
  return new Failure(
    code,
    `${name}: ${why}.`,
    `Exit code ${exitNumber(code)}; the lock was given back.`,
  );
}
