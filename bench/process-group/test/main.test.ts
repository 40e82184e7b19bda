import { expect, test } from 'vitest';
import { rowsIn, runBench, whyNoRun } from '../../namespaces/test/bench-tool.ts';

const why = whyNoRun();
if (why !== null) console.log(`Skipped: a run of the benchmarks of process groups (${why}).`);

test('--help names every workload', async () => {
  const { output, code } = await runBench('process-group', '--help');
  expect(code).toBe(0);
  for (const name of ['throughput-64-1', 'latency', 'kill', 'cut', 'transfer']) {
    expect(output).toMatch(new RegExp(`^  ${name} `, 'm'));
  }
});

test.skipIf(why !== null)('--json prints a line for each metric', { timeout: 60_000 }, async () => {
  const args = ['--json', '--runs', '1', '--seconds', '1', '--work', 'throughput-1024-1'];
  const { output, code } = await runBench('process-group', ...args);
  expect(code).toBe(0);
  const clear = 'choir in the clear';
  expect(rowsIn(output)).toMatchObject([
    { metric: 'throughput', against: 'corosync', target: 'ratio ≥ 2' },
    { metric: 'p50', against: 'corosync' },
    { metric: "application's threads", against: null, peer: null },
    { metric: 'throughput, encrypted', against: clear, target: 'ratio ≥ 0.7' },
    { metric: 'p50, encrypted', against: clear },
    { metric: "application's threads, encrypted", against: clear },
  ]);
  for (const { ours } of rowsIn(output)) expect(ours).toBeGreaterThan(0);
});
