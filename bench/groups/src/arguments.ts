import { parseArgs } from 'node:util';
import type { Work } from './work.ts';

export type Plan<W> = {
  readonly works: readonly W[];
  readonly runs: number;
  readonly seconds: number;
  readonly json: boolean;
};

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What is measured when the command line does not say. */
export type Defaults = { readonly runs: number; readonly seconds: number };

export const defaults: Defaults = { runs: 3, seconds: 4 };

export function synopsis(works: readonly Work[]): string {
  const width = Math.max(...works.map(({ name }) => name.length));
  return `npm run bench -- groups [OPTION…]

Measures Choir and its peers in the same run, one after the other, each in processes of their own:
Socket.IO with connection state recovery, bare ws, nats-server (when it is installed). Choir runs as
\`choir serve\` starts it: every message is on disk before anybody gets it. Of the peers, none stores.

  --work NAME       only this workload; may be repeated
  --runs N          runs of each, interleaved; figures are medians (default ${defaults.runs})
  --seconds N       measured in each phase, after a warm-up (default ${defaults.seconds})
  --json            a line for each metric and peer instead of tables

A ratio above 1 means that Choir is better: more, or for times and memory less. On a busy machine look
at the ratio and the server's processor time, not at rates. Progress goes to standard error.

Workloads:
${works.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Exit codes: 0 everything was measured, whether or not it holds its target; 1 something failed; 2 wrong
command line.

  npm run bench -- groups --work rooms --runs 5
  npm run bench -- groups --json >figures.jsonl`;
}

/**
 * Reads the options that all suites have.
 *
 * @throws UsageError when they are wrong
 */
export function readArguments<W extends { readonly name: string }>(
  args: readonly string[],
  works: readonly W[],
  { runs, seconds }: Defaults,
): Plan<W> | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const chosen = (values.work ?? []).map((name) => workNamed(name, works));
  return {
    works: chosen.length === 0 ? works : chosen,
    runs: values.runs === undefined ? runs : positive('--runs', values.runs),
    seconds: values.seconds === undefined ? seconds : positive('--seconds', values.seconds),
    json: values.json === true,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        work: { type: 'string', multiple: true },
        runs: { type: 'string' },
        seconds: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function workNamed<W extends { readonly name: string }>(name: string, works: readonly W[]): W {
  const found = works.find((work) => work.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`--work ${name}: one of ${works.map((work) => work.name).join(', ')}`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`${option}: "${text}" is not a whole number above 0.`);
}
