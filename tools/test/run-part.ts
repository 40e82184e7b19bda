// Runs one part in a process group of its own, so that a part that hangs is stopped with everything
// it started.

import { type ChildProcess, spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Part } from './parts.ts';

export type Outcome = {
  readonly part: Part;
  readonly result: 'passed' | 'over budget' | 'failed' | 'stopped';
  readonly seconds: number;
  readonly note: string;
  readonly output: string;
};

/** A part is stopped at this many times its budget. */
const patience = 3;

export async function runPart(part: Part, root: string, signal: AbortSignal): Promise<Outcome> {
  const started = performance.now();
  const [command, ...args] = part.command;
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      // Captured output is shown as it came, so it comes plain.
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
    },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));

  let stopped = false;
  const stop = () => {
    stopped = true;
    killGroup(child);
  };
  const timer = setTimeout(stop, part.budgetSeconds * patience * 1000);
  signal.addEventListener('abort', stop);
  const failure = await ended(child);
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);

  const seconds = (performance.now() - started) / 1000;
  const printed = Buffer.concat(chunks).toString();
  const output = failure instanceof Error ? `${printed}${failure.message}\n` : printed;
  const note = part.note.exec(stripVTControlCharacters(output))?.[1] ?? '';
  return { part, result: judge(failure === undefined), seconds, note, output };

  function judge(succeeded: boolean): Outcome['result'] {
    if (stopped) return 'stopped';
    if (!succeeded) return 'failed';
    return seconds > part.budgetSeconds ? 'over budget' : 'passed';
  }
}

/** Resolves to nothing for success, else to what went wrong. */
function ended(child: ChildProcess): Promise<Error | 'exit' | undefined> {
  return new Promise((resolve) => {
    child.on('error', resolve);
    child.on('close', (code) => resolve(code === 0 ? undefined : 'exit'));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group ended by itself in the meantime.
  }
}
