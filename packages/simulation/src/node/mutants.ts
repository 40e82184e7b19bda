// npm run mutants [-- --property P] [--seeds N] [--jobs N]: breaks the product one line at a time, and shows that
// the checker of each property finds it. Exit code 0 when every mutant was caught, 1 when one was not, 2 for a property that has none.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mutant, mutants } from '../index.ts';
import { MutatedCopy } from './mutated-copy.ts';

const root = join(import.meta.dirname, '../../../..');
const { values } = parseArgs({
  options: {
    property: { type: 'string', multiple: true },
    seeds: { type: 'string', default: '2000' },
    jobs: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

type Catch = { readonly caught: boolean; readonly how: string; readonly seconds: number };

type Simulated = {
  readonly seeds: number;
  readonly failed: readonly {
    readonly seed: number;
    readonly violations: readonly { readonly property: string; readonly text: string }[];
  }[];
};

function hunt(copy: MutatedCopy, mutant: Mutant): Catch {
  const start = performance.now();
  copy.apply(mutant);
  const found = mutant.hunt.kind === 'simulate' ? simulate(copy, mutant) : runTests(copy, mutant);
  copy.restore();
  return { ...found, seconds: (performance.now() - start) / 1_000 };
}

function simulate(copy: MutatedCopy, { property, hunt }: Mutant): Omit<Catch, 'seconds'> {
  if (hunt.kind !== 'simulate') throw new Error('This mutant is not to be simulated.');
  const script = join(copy.root, 'packages/simulation/src/node/simulate.ts');
  const jobs = values.jobs === undefined ? [] : ['--jobs', values.jobs];
  const args = [
    '--suite',
    hunt.suite,
    '--seeds',
    values.seeds,
    '--until',
    property,
    '--json',
    ...jobs,
  ];
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const result = stdout.startsWith('{') ? (JSON.parse(stdout) as Simulated) : null;
  if (result === null) return { caught: false, how: `no result: ${stderr.slice(0, 300)}` };
  for (const { seed, violations } of result.failed) {
    const violation = violations.find((one) => one.property === property);
    if (violation !== undefined) return { caught: true, how: `seed ${seed}: ${violation.text}` };
  }
  const others = [
    ...new Set(result.failed.flatMap((one) => one.violations.map((v) => v.property))),
  ];
  return { caught: false, how: `${result.seeds} seeds; others: ${others.join(', ') || 'none'}` };
}

function runTests(copy: MutatedCopy, { hunt }: Mutant): Omit<Catch, 'seconds'> {
  if (hunt.kind !== 'vitest') throw new Error('This mutant is not to be tested.');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', copy.root, hunt.path];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: copy.root,
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
  });
  const failing = /FAIL +(.*)/.exec(stderr)?.[1] ?? '';
  const ran = /Tests +.*\d+ (?:failed|passed)/.test(stdout);
  return { caught: ran && status !== 0, how: ran ? `test: ${failing}` : 'the tests did not run' };
}

if (values.help === true) {
  console.log(
    'npm run mutants [-- --property P ...] [--seeds N] [--jobs N]\n\n' +
      'Breaks the product one line at a time and runs the simulator on it, until the checker of the property\n' +
      'that the line upholds reports it: within 2,000 seeds, or the checker is worth nothing.',
  );
} else {
  for (const property of values.property ?? []) {
    if (mutants.some((mutant) => mutant.property === property)) continue;
    const known = [...new Set(mutants.map((mutant) => mutant.property))].join(', ');
    console.error(`No mutant breaks the property "${property}". There are mutants of ${known}.`);
    process.exit(2);
  }
  const chosen = mutants.filter(
    ({ property }) => values.property === undefined || values.property.includes(property),
  );
  const copy = new MutatedCopy(root);
  let uncaught = 0;
  try {
    for (const mutant of chosen) {
      const { caught, how, seconds } = hunt(copy, mutant);
      if (!caught) uncaught += 1;
      const verdict = caught ? 'caught ' : 'MISSED ';
      console.log(
        `${verdict} ${mutant.property.padEnd(4)} ${mutant.what} (${seconds.toFixed(0)} s)`,
      );
      console.log(`        ${how.slice(0, 180)}`);
    }
  } finally {
    copy.remove();
  }
  console.log(`${chosen.length - uncaught} of ${chosen.length} mutants caught`);
  if (uncaught > 0) process.exitCode = 1;
}
