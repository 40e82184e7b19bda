import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { canMakeNamespaces } from '@choir/testkit/node';
import { expect, onTestFinished, test } from 'vitest';
import { whyNoCorosync } from '../src/systems.ts';

const possible = canMakeNamespaces();
const why = possible.can ? whyNoCorosync() : possible.why;
if (why !== null) console.log(`Skipped: a run of the benchmarks of FTMP (${why}).`);

const tool = fileURLToPath(new URL('../../../tools/bench.ts', import.meta.url));

function start(args: readonly string[], folder: string): ChildProcess {
  const env = { ...process.env, TMPDIR: folder };
  return spawn(process.execPath, [tool, 'ftmp', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function temporaryFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'choir-bench-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function run(...args: string[]) {
  const child = start(args, temporaryFolder());
  const exited = once(child, 'close');
  const [output, errors] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { output, errors, code: (await exited)[0] };
}

test('--help names every workload', async () => {
  const { output, code } = await run('--help');
  expect(code).toBe(0);
  for (const name of ['throughput-64-1', 'throughput-10240-3', 'latency', 'kill', 'cut']) {
    expect(output).toMatch(new RegExp(`^  ${name} `, 'm'));
  }
});

test('a workload that does not exist is refused, and the others are named', async () => {
  const { errors, code } = await run('--work', 'speed');
  expect(code).toBe(2);
  expect(errors).toContain('--work speed: one of throughput-64-1');
});

test.skipIf(why !== null)('--json prints a line for each metric', { timeout: 60_000 }, async () => {
  const args = ['--json', '--runs', '1', '--seconds', '1'];
  const { output, code } = await run(...args, '--work', 'latency');
  expect(code).toBe(0);
  const rows = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toMatchObject([
    { work: 'latency', metric: 'p50', against: 'corosync', target: 'ratio ≥ 1' },
    { work: 'latency', metric: 'p99', against: 'corosync', target: 'ratio ≥ 0.5' },
    { work: 'latency', metric: 'p50, encrypted', against: 'choir in the clear', target: null },
    { work: 'latency', metric: 'p99, encrypted', against: 'choir in the clear', target: null },
  ]);
  for (const { ours, peer } of rows) {
    expect(ours).toBeGreaterThan(0);
    expect(peer).toBeGreaterThan(0);
  }
});

test.skipIf(why !== null)('an interrupted run leaves nothing', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const args = ['--runs', '9', '--seconds', '1', '--work', 'throughput-64-1'];
  const child = start(args, folder);
  const names = () => readdirSync('/run/netns').filter(isOf(child));
  const exited = once(child, 'exit');
  await once(child.stderr ?? child, 'data');
  expect(names()).toHaveLength(4);
  child.kill('SIGINT');
  expect((await exited)[1]).toBe('SIGINT');
  expect(names()).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

function isOf({ pid }: ChildProcess) {
  return (name: string) => name.startsWith(`choir-${pid}-`);
}
