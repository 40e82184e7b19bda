// Runs a command of the machine to its end, and says well why it failed.

import { spawnSync } from 'node:child_process';

const outputBytesMax = 4 * 1024 * 1024;
const withinMs = 20_000;

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code = 'command-failed';
}

/** The environment for tools of administrators, which Debian keeps outside of everybody's path. */
export function administratorEnv(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
}

/**
 * Runs a command, at most 20 s, and returns what it printed.
 *
 * @param input what it reads from its standard input
 * @throws CommandError when it cannot be run, takes longer or ends with a failure
 */
export function runCommand(command: readonly [string, ...string[]], input = ''): string {
  const [name, ...args] = command;
  const { error, status, signal, stdout, stderr } = spawnSync(name, args, {
    input,
    encoding: 'utf8',
    env: administratorEnv(),
    maxBuffer: outputBytesMax,
    timeout: withinMs,
    killSignal: 'SIGKILL',
  });
  if (error === undefined && status === 0) return stdout;
  const why = error?.message ?? (stderr.trim() || `ended with ${signal ?? status}`);
  throw new CommandError(`${command.join(' ')}: ${why}`);
}
