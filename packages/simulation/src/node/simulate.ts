// npm run simulate -- [OPTION...]: seeds of a suite, judged. `--help` says more.

import { renderEvent } from '@choir/testkit';
import { type Suite, suites, Tally } from '../index.ts';
import { type Arguments, exitCodes, helpText, readArguments, UsageError } from './arguments.ts';
import { type Answer, runJobs } from './jobs.ts';
import { failureText, report } from './report.ts';

const failuresShown = 5;
const clearLine = process.stderr.isTTY ? '\r\x1b[K' : '';

async function main(args: readonly string[]): Promise<number> {
  try {
    const given = readArguments(args);
    if (given === 'help') {
      console.log(helpText);
      return exitCodes.passed[0];
    }
    const suite = suites.get(given.suite);
    if (suite === undefined) throw new UsageError(`There is no suite "${given.suite}".`);
    return given.seed === null ? await runSeeds(suite, given) : showSeed(suite, given.seed, given);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nTo see what there is: npm run simulate -- --help`);
    return exitCodes.usage[0];
  }
}

function showSeed(suite: Suite, seed: number, { json }: Arguments): number {
  const { outcome, trace } = suite.run(seed, 'all');
  if (json) for (const event of trace) console.log(JSON.stringify(event));
  else for (const event of trace) console.log(renderEvent(event));
  if (outcome.violations.length === 0) {
    console.error(`seed ${seed}: every promise was kept; trace ${outcome.hash}`);
    return exitCodes.passed[0];
  }
  console.error(failureText(outcome, suite));
  return exitCodes.violated[0];
}

async function runSeeds(suite: Suite, given: Arguments): Promise<number> {
  const { seeds, from, twice, jobs, json, until } = given;
  const tally = new Tally();
  const unsteady: number[] = [];
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1_000;
  const answered = ({ outcome, again }: Answer): boolean => {
    tally.add(outcome);
    if (again !== outcome.hash) unsteady.push(outcome.seed);
    progress(tally, seeds, seconds());
    if (outcome.violations.length > 0 && tally.failed.length <= failuresShown && !json) {
      console.error(`${clearLine}${failureText(outcome, suite)}`);
    }
    return until === null || !isWanted(outcome.violations, until);
  };
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const { signal: interruption } = controller;
  const well = await runJobs({
    suite: suite.name,
    from,
    seeds,
    twice,
    jobs,
    answered,
    interruption,
  });
  const missing = tally.missing(suite.expected);
  if (json) console.log(JSON.stringify(resultOf(suite, tally, seconds(), { unsteady, missing })));
  else console.log(`${clearLine}${report(suite, tally, seconds())}`);
  if (interruption.aborted) return fail('interrupted', `Interrupted after ${tally.seeds} seeds.`);
  return verdict({ well, tally, unsteady, missing });
}

function isWanted(violations: readonly { readonly property: string }[], until: string): boolean {
  return violations.some(({ property }) => until === 'any' || property === until);
}

function verdict(run: {
  readonly well: boolean;
  readonly tally: Tally;
  readonly unsteady: readonly number[];
  readonly missing: readonly string[];
}): number {
  if (!run.well) return fail('crashed', 'A worker ended without an answer.');
  const failed = run.tally.failed.map(({ seed }) => seed);
  if (failed.length > 0) return fail('violated', `Violated by seeds ${listed(failed)}.`);
  if (run.unsteady.length > 0)
    return fail('unsteady', `Two traces: seeds ${listed(run.unsteady)}.`);
  if (run.missing.length > 0) return fail('thin', `Too rare: ${run.missing.join(', ')}.`);
  return exitCodes.passed[0];
}

function fail(code: keyof typeof exitCodes, message: string): number {
  console.error(message);
  return exitCodes[code][0];
}

function listed(seeds: readonly number[]): string {
  const shown = seeds.slice(0, 20).join(', ');
  return seeds.length > 20 ? `${shown} and ${seeds.length - 20} more` : shown;
}

function resultOf(
  suite: Suite,
  tally: Tally,
  seconds: number,
  more: { readonly unsteady: readonly number[]; readonly missing: readonly string[] },
): object {
  const { seeds, counted, entries, operations, failed } = tally;
  const shares = Object.fromEntries(
    tally.shares(suite.expected).map(({ what, share }) => [what, Number(share.toFixed(4))]),
  );
  const figures = { seeds, counted, seconds, entries, operations };
  return { type: 'simulated', suite: suite.name, ...figures, failed, ...more, shares };
}

function progress(tally: Tally, seeds: number, seconds: number): void {
  if (!process.stderr.isTTY || tally.seeds % 8 !== 0) return;
  const left = (seconds / tally.seeds) * (seeds - tally.seeds);
  const failed = tally.failed.length > 0 ? `, ${tally.failed.length} failed` : '';
  process.stderr.write(
    `\r\x1b[K${tally.seeds} of ${seeds} seeds${failed}, ${left.toFixed(0)} s left`,
  );
}

process.exitCode = await main(process.argv.slice(2));
