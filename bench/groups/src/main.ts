/** npm run bench -- groups: Choir and its peers side by side, against the targets. */
import { defaults, type Plan, readArguments, synopsis, UsageError } from './arguments.ts';
import type { PeerName } from './load/task.ts';
import { missing } from './peers/server.ts';
import { type Row, type Runs, rowsOf, shown, tableOf } from './row.ts';
import type { Values, Work } from './work.ts';
import { works } from './works/index.ts';

const exit = { measured: 0, failed: 1, usage: 2 } as const;
/** A peer may fail in one run; its other runs count. */
type Failures = { count: number };

export async function main(args: readonly string[]): Promise<number> {
  let plan: Plan<Work> | 'help';
  try {
    plan = readArguments(args, works, defaults);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`bench groups: ${error.message}\n\n  npm run bench -- groups --help`);
    return exit.usage;
  }
  if (plan === 'help') {
    console.log(synopsis(works));
    return exit.measured;
  }
  const failures: Failures = { count: 0 };
  const skipped = new Set<PeerName>();
  for (const work of plan.works) {
    const peers = work.peers.filter((peer) => isPresent(peer, skipped));
    const runs = await measure(work, ['choir', ...peers], plan, failures);
    const rows = rowsOf(work, runs);
    console.log(plan.json ? lines(rows) : `\n${work.name}: ${work.summary}\n\n${tableOf(rows)}`);
  }
  return failures.count === 0 ? exit.measured : exit.failed;
}

function isPresent(peer: PeerName, skipped: Set<PeerName>): boolean {
  const why = missing(peer);
  if (why === null) return true;
  if (!skipped.has(peer)) console.error(`${peer} is skipped: ${why}`);
  skipped.add(peer);
  return false;
}

/** All servers in turn, run after run, so that what else the machine does meets all alike. */
async function measure(
  work: Work,
  peers: readonly PeerName[],
  { runs, seconds }: { readonly runs: number; readonly seconds: number },
  failures: Failures,
): Promise<Runs> {
  const measured = new Map<PeerName, Values[]>();
  for (let run = 1; run <= runs; run += 1) {
    for (const peer of peers) {
      try {
        const values = await work.measure(peer, seconds);
        measured.set(peer, [...(measured.get(peer) ?? []), values]);
        console.error(`${work.name} ${run}/${runs} ${peer}: ${brief(values)}`);
      } catch (error) {
        failures.count += 1;
        console.error(`${work.name} ${run}/${runs} ${peer} failed: ${(error as Error).message}`);
      }
    }
  }
  return measured;
}

function brief(values: Values): string {
  return [...values].map(([name, figure]) => `${name} ${shown(figure)}`).join(', ');
}

function lines(rows: readonly Row[]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n');
}
