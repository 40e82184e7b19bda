/** A program that is a member of a group, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { LineLog } from '../running/line-log.ts';

const program = fileURLToPath(new URL('./busy-member.ts', import.meta.url));

/** Joins; one that is called `busy` stands still from then on. It is killed when the test is over. */
export async function application(
  group: string,
  label: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, program, group, label], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  await new LineLog(child.stdout).next((line) => line === 'joined');
}
