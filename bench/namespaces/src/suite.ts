/** A suite: ours beside corosync between nodes on hosts that are network namespaces, against the targets. */
import { type Plan, readArguments, UsageError } from '@choir/bench-groups/arguments';
import { rowsOf, shown, tableOf, type Values } from '@choir/bench-groups/row';
import { canMakeNamespaces, makeNamespaces, type Namespaces } from '@choir/testkit/node';
import { encryptedRows } from './encrypted-rows.ts';
import { defaults, synopsis } from './synopsis.ts';
import type { SystemName } from './system.ts';
import { type Ours, type Participant, participantsHere } from './systems.ts';
import type { Place, Work } from './work.ts';

export type Suite = {
  /** As in `npm run bench -- NAME`. */
  readonly name: string;
  /** What it measures, as its help begins: lines of some 100 characters. */
  readonly introduction: string;
  readonly works: readonly Work[];
  readonly ours: Ours;
};

const exit = { measured: 0, failed: 1, usage: 2 } as const;

/** @returns the exit code */
export async function runSuite(suite: Suite, args: readonly string[]): Promise<number> {
  const { name, works, ours } = suite;
  let plan: Plan<Work> | 'help';
  try {
    plan = readArguments(args, works, defaults);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`bench ${name}: ${error.message}\n\n  npm run bench -- ${name} --help`);
    return exit.usage;
  }
  if (plan === 'help') {
    console.log(synopsis(suite));
    return exit.measured;
  }
  const possible = canMakeNamespaces();
  if (!possible.can) {
    console.error(`bench ${name}: no network can be made here: ${possible.why}.`);
    return exit.failed;
  }
  const participants = participantsHere(ours, (line) => console.error(line));
  const network = await makeNamespaces({ hosts: 3 });
  try {
    return (await measureAll(plan, participants, network)) === 0 ? exit.measured : exit.failed;
  } finally {
    network.remove();
  }
}

type Measured = Map<SystemName, readonly Values[]>;

/** How many runs failed; the others count. */
async function measureAll(
  plan: Plan<Work>,
  participants: readonly Participant[],
  network: Namespaces,
): Promise<number> {
  let failures = 0;
  for (const work of plan.works) {
    const taking = participants.filter(({ kind }) => 'measure' in work || kind === 'ours');
    const measured: Measured = new Map();
    for (let run = 1; run <= plan.runs; run += 1) {
      for (const participant of taking) {
        const { name } = participant;
        const what = `${work.name} ${run}/${plan.runs} ${name}`;
        try {
          const values = await measure(work, participant, { network, seconds: plan.seconds });
          measured.set(name, [...(measured.get(name) ?? []), values]);
          console.error(`${what}: ${brief(values)}`);
        } catch (error) {
          failures += 1;
          console.error(`${what} failed: ${(error as Error).message}`);
        }
      }
    }
    print(plan, work, taking, measured);
  }
  return failures;
}

async function measure(work: Work, participant: Participant, place: Place): Promise<Values> {
  if ('measureAlone' in work) {
    const encrypted = participant.kind === 'ours' && participant.encrypted;
    return await work.measureAlone({ ...place, encrypted });
  }
  const system = participant.make();
  try {
    await system.start(place.network);
    return await work.measure({ ...place, system });
  } finally {
    await system.stop();
  }
}

function print(
  { json }: Plan<Work>,
  work: Work,
  participants: readonly Participant[],
  measured: Measured,
): void {
  const peers = participants.filter(({ kind }) => kind === 'peer').map(({ name }) => name);
  const valuesOf = (encrypted: boolean): readonly Values[] =>
    participants
      .filter((one) => one.kind === 'ours' && one.encrypted === encrypted)
      .flatMap(({ name }) => measured.get(name) ?? []);
  const rows = [
    ...rowsOf({ ...work, peers }, measured),
    ...encryptedRows(work, { encrypted: valuesOf(true), clear: valuesOf(false) }),
  ];
  const lines = rows.map((row) => JSON.stringify(row)).join('\n');
  console.log(json ? lines : `\n${work.name}: ${work.summary}\n\n${tableOf(rows)}`);
}

function brief(values: Values): string {
  return [...values].map(([name, figure]) => `${name} ${shown(figure)}`).join(', ');
}
