/**
 * Runs `choir` in tests, each with a state directory of its own. Whatever a test leaves running is
 * ended when the test is over; of a test that fails, it is told what each wrote.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFailed, onTestFinished, vi } from 'vitest';
import { ChoirProcess, type Ended, type Start } from './choir-process.ts';
import { lastWords } from './last-words.ts';

// Real processes on a busy machine, and clients that wait before they try again.
vi.setConfig({ testTimeout: 30_000 });

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts `choir`; it is killed when the test ends before it does. @param start on this machine when not given */
export function choir(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  start?: Start,
): ChoirProcess {
  const state = environment['CHOIR_STATE'] ?? temporaryFolder();
  const started = new ChoirProcess(args, { ...environment, CHOIR_STATE: state }, start);
  onTestFinished(async () => {
    started.kill('SIGKILL');
    await started.ended();
  });
  onTestFailed(async () => console.error(lastWords(args, await started.ended())));
  return started;
}

/** Runs `choir` to its end with this on standard input. */
export function run(
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const started = choir(args, environment);
  started.endInput(input);
  return started.ended();
}
