import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  rowsIn,
  runBench,
  startBench,
  temporaryFolder,
  whyNoRun,
} from '../../namespaces/test/bench-tool.ts';

const why = whyNoRun();
if (why !== null) console.log(`Skipped: a run of the benchmarks of FTMP (${why}).`);

test('--help names every workload', async () => {
  const { output, code } = await runBench('ftmp', '--help');
  expect(code).toBe(0);
  for (const name of ['throughput-64-1', 'throughput-10240-3', 'latency', 'kill', 'cut']) {
    expect(output).toMatch(new RegExp(`^  ${name} `, 'm'));
  }
});

test('a workload that does not exist is refused, and the others are named', async () => {
  const { errors, code } = await runBench('ftmp', '--work', 'speed');
  expect(code).toBe(2);
  expect(errors).toContain('--work speed: one of throughput-64-1');
});

test.skipIf(why !== null)('--json prints a line for each metric', { timeout: 60_000 }, async () => {
  const args = ['--json', '--runs', '1', '--seconds', '1'];
  const { output, code } = await runBench('ftmp', ...args, '--work', 'latency');
  expect(code).toBe(0);
  const rows = rowsIn(output);
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
  const args = ['ftmp', '--runs', '9', '--seconds', '1', '--work', 'throughput-64-1'];
  const child = startBench(args, folder);
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
