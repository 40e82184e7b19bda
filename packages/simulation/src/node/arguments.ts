/** The command line of `npm run simulate`. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { suites } from '../index.ts';

export type Arguments = {
  readonly suite: string;
  readonly seeds: number;
  readonly from: number;
  /** One seed, with its trace. */
  readonly seed: number | null;
  readonly twice: boolean;
  readonly jobs: number;
  readonly json: boolean;
  /** Stop at the first seed that violates this property, or any (an empty text). */
  readonly until: string | null;
};

export const exitCodes = {
  passed: [0, 'every seed kept every promise'],
  violated: [1, 'a promise was broken; the line to replay it is printed'],
  usage: [2, 'the command line is wrong'],
  thin: [3, 'nothing was broken, but the seeds held too little to prove much'],
  unsteady: [4, '--twice: the same seed gave two different traces'],
  crashed: [5, 'a worker ended without an answer'],
  interrupted: [130, 'ended by Ctrl-C'],
} as const;

export const helpText = `npm run simulate -- [OPTION...]

Runs whole systems of servers and clients under seeds, in virtual time, with faults, and judges every trace.
One seed, one trace, byte for byte.

Examples:
  npm run simulate                              1,000 seeds of the suite "groups"
  npm run simulate -- --seeds 20000 --jobs 2    an evening's worth
  npm run simulate -- --seed 42                 the trace of one seed, to be read
  npm run simulate -- --twice --seeds 50        the same seed twice gives the same trace

Options:
  --suite NAME   ${[...suites.values()].map(({ name, about }) => `${name}: ${about}`).join('\n                 ')}
                 (default groups)
  --seeds N      how many seeds (default 1000)
  --from S       the first of them (default 1)
  --seed S       this seed only, and print its trace; with --json one record a line
  --twice        run every seed twice and compare the traces
  --jobs N       processes (default: one for each core)
  --until P      stop at the first seed that violates property P ("any" for any)
  --json         the result as one JSON object
  --help         this

The columns of a trace: virtual milliseconds, the node where it happened, what happened, and the fields of the
record. docs/design/simulator.md explains each kind of record, and each property.

Exit codes:
${Object.values(exitCodes)
  .map(([number, what]) => `  ${String(number).padStart(3)}  ${what}`)
  .join('\n')}
`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values } = parse(args);
  if (values.help === true) return 'help';
  const suite = values.suite ?? 'groups';
  if (!suites.has(suite)) {
    throw new UsageError(`There is no suite "${suite}". Suites: ${[...suites.keys()].join(', ')}.`);
  }
  return {
    suite,
    seeds: whole('--seeds', values.seeds, 1_000),
    from: whole('--from', values.from, 1),
    seed: values.seed === undefined ? null : whole('--seed', values.seed, 0),
    twice: values.twice ?? false,
    jobs: whole('--jobs', values.jobs, availableParallelism()),
    json: values.json ?? false,
    until: values.until ?? null,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        suite: { type: 'string' },
        seeds: { type: 'string' },
        from: { type: 'string' },
        seed: { type: 'string' },
        twice: { type: 'boolean' },
        jobs: { type: 'string' },
        json: { type: 'boolean' },
        until: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,15}$/.test(text))
    throw new UsageError(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}
