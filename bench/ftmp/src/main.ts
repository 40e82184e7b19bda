/** npm run bench -- ftmp: total order between nodes, ours beside corosync, against the targets. */
import { type Plan, readArguments, UsageError } from '@choir/bench-groups/arguments';
import { rowsOf, shown, tableOf, type Values } from '@choir/bench-groups/row';
import { canMakeNamespaces, makeNamespaces, type Namespaces } from '@choir/testkit/node';
import { encryptedRows } from './encrypted-rows.ts';
import { defaults, synopsis } from './synopsis.ts';
import type { System, SystemName } from './system.ts';
import { makersHere } from './systems.ts';
import type { Work } from './work.ts';
import { works } from './works/index.ts';

const exit = { measured: 0, failed: 1, usage: 2 } as const;

export async function main(args: readonly string[]): Promise<number> {
  let plan: Plan<Work> | 'help';
  try {
    plan = readArguments(args, works, defaults);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`bench ftmp: ${error.message}\n\n  npm run bench -- ftmp --help`);
    return exit.usage;
  }
  if (plan === 'help') {
    console.log(synopsis(works));
    return exit.measured;
  }
  const possible = canMakeNamespaces();
  if (!possible.can) {
    console.error(`bench ftmp: no network can be made here: ${possible.why}.`);
    return exit.failed;
  }
  const makers = makersHere((line) => console.error(line));
  const network = await makeNamespaces({ hosts: 3 });
  try {
    return (await measureAll(plan, makers, network)) === 0 ? exit.measured : exit.failed;
  } finally {
    network.remove();
  }
}

type Makers = ReadonlyMap<SystemName, () => System>;

/** How many runs failed; the others count. */
async function measureAll(plan: Plan<Work>, makers: Makers, network: Namespaces): Promise<number> {
  const peers = [...makers.keys()].filter((name) => !name.startsWith('choir'));
  let failures = 0;
  for (const work of plan.works) {
    const measured = new Map<SystemName, Values[]>();
    for (let run = 1; run <= plan.runs; run += 1) {
      for (const [name, make] of makers) {
        const what = `${work.name} ${run}/${plan.runs} ${name}`;
        try {
          const values = await measure(work, make(), network, plan.seconds);
          measured.set(name, [...(measured.get(name) ?? []), values]);
          console.error(`${what}: ${brief(values)}`);
        } catch (error) {
          failures += 1;
          console.error(`${what} failed: ${(error as Error).message}`);
        }
      }
    }
    const rows = [...rowsOf({ ...work, peers }, measured), ...encryptedRows(work, measured)];
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    console.log(plan.json ? lines : `\n${work.name}: ${work.summary}\n\n${tableOf(rows)}`);
  }
  return failures;
}

async function measure(
  work: Work,
  system: System,
  network: Namespaces,
  seconds: number,
): Promise<Values> {
  try {
    await system.start(network);
    return await work.measure({ system, network, seconds });
  } finally {
    await system.stop();
  }
}

function brief(values: Values): string {
  return [...values].map(([name, figure]) => `${name} ${shown(figure)}`).join(', ');
}
