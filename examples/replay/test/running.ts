/** The replay as users run it: a process, with the small recordings that are shipped beside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export function recording(name: string): string {
  return fileURLToPath(new URL(`./data/${name}`, import.meta.url));
}

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export async function replay(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  onTestFinished(() => {
    child.kill('SIGTERM');
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** The value of a row of the closing table. */
export function row(stdout: string, name: string): string {
  const line = stdout.split('\n').find((each) => each.startsWith(`${name}  `));
  return line?.slice(name.length).trim() ?? '';
}
