// npm run fuzz -- --ftmp [--datagrams 1000000] [--seed N] [--json]
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzzRun } from './fuzz-run.ts';

/** More from the middle third to the last is a leak. */
const growthMax = 1.15;

const { values } = parseArgs({
  options: {
    ftmp: { type: 'boolean' },
    datagrams: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    json: { type: 'boolean', default: false },
  },
});
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const started = performance.now();
const result = fuzzRun({
  datagrams: Number(values.datagrams),
  seed: Number(values.seed),
  onStage(datagrams, heapBytes) {
    if (!values.json) console.error(`${datagrams} datagrams, ${megabytes(heapBytes)} of memory`);
  },
});
const { heapBytes, attacks, refused, broken, datagrams, seed } = result;
const failures = [...result.failures];
const third = Math.floor(heapBytes.length / 3);
const mean = (some: readonly number[]): number =>
  some.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, some.length);
const growth = mean(heapBytes.slice(-third)) / mean(heapBytes.slice(third, 2 * third));
if (growth > growthMax) failures.push(`memory grew by more than ${growthMax}`);
const seconds = (performance.now() - started) / 1_000;
if (values.json) {
  const counts = { attacks: Object.fromEntries(attacks), refused: Object.fromEntries(refused) };
  console.log(JSON.stringify({ type: 'fuzz', ...result, ...counts, growth, seconds, failures }));
} else {
  for (const [what, count] of [...attacks].sort())
    console.log(`sent     ${what.padEnd(28)}${count}`);
  for (const [why, count] of [...refused].sort()) console.log(`refused  ${why.padEnd(28)}${count}`);
  console.log(`seed     ${seed}`);
  console.log(
    `memory   ${megabytes(heapBytes[0] ?? 0)} before, ${megabytes(heapBytes.at(-1) ?? 0)} after`,
  );
  console.log(`growth   ${growth.toFixed(2)} (the last third to the middle one)`);
  console.log(`groups that liars inside broke: ${broken}`);
  console.log(
    `datagrams ${datagrams}, seconds ${seconds.toFixed(0)}, thrown and disturbed: ${failures.length}`,
  );
  for (const failure of failures) console.error(`BROKEN: ${failure}`);
}
if (failures.length > 0) process.exitCode = 1;
