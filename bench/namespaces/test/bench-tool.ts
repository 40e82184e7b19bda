// The benchmarks, started as a program.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { canMakeNamespaces } from '@choir/testkit/node';
import { onTestFinished } from 'vitest';
import { whyNoCorosync } from '../src/peers/corosync/availability.ts';

const tool = fileURLToPath(new URL('../../../tools/bench.ts', import.meta.url));

/** Why nothing can be measured beside corosync on this machine; null when it can. */
export function whyNoRun(): string | null {
  const possible = canMakeNamespaces();
  return possible.can ? whyNoCorosync() : possible.why;
}

/** @param args the suite, and its options; @param folder for what it writes */
export function startBench(args: readonly string[], folder: string): ChildProcess {
  const env = { ...process.env, TMPDIR: folder };
  return spawn(process.execPath, [tool, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

export function temporaryFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'choir-bench-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Runs a suite to its end. */
export async function runBench(...args: string[]) {
  const child = startBench(args, temporaryFolder());
  const exited = once(child, 'close');
  const [output, errors] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { output, errors, code: (await exited)[0] };
}

/** The rows that were printed. */
export function rowsIn(output: string): readonly Readonly<Record<string, unknown>>[] {
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
