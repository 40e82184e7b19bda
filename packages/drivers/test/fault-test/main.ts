// npm run fault-test -- [OPTION…]: `--help` says more.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { canMakeNamespaces } from '@choir/testkit/node';
import { type CalmPart, calmRun } from './calm-run.ts';
import { type FaultResult, faultRun } from './fault-run.ts';
import { distribution } from './figures.ts';

const helpText = `npm run fault-test -- [OPTION…]

Three to five real processes, encrypted and recorded, form a group and send all the time. Faults strike one after
another: 20 % loss, kill -9 and return, SIGSTOP of 0.5, 1.5 and 10 suspicion times, one-way and two-way cuts. Each is
healed, and all come together again. The recordings are judged by the checkers that judge the simulator's traces.

Options:
  --network NAME  multicast: hosts are network namespaces, losses and cuts by nft; needs root (default)
                  unicast: loopback, losses and cuts by relays; needs nothing
  --seed S        what strikes whom, and how many processes there are (default: random); times are the machine's own
  --seconds N     begins rounds of all faults for so long (default 30); a round takes about 25 s
  --calm          no faults but kill -9: the machine is loaded to 80 % a core, main threads stand still for half the
                  suspicion time; whoever is alive must not be excluded, and kills are noticed within 800 ms
  --minutes M     of a calm run (default 20), in parts of two minutes
  --log FILE      a line for each part of a calm run; the same command with the same seed goes on behind the last
  --json          the result as one JSON object
  --help          this

Exit codes: 0 every promise was kept · 1 one was broken · 2 the command line is wrong, or the machine cannot do it
`;

type Arguments = {
  readonly network: 'multicast' | 'unicast';
  readonly seed: number;
  readonly seconds: number;
  readonly calm: boolean;
  readonly minutes: number;
  readonly log: string | null;
  readonly json: boolean;
};

function read(): Arguments {
  const { values } = parseArgs({
    options: {
      network: { type: 'string', default: 'multicast' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      seconds: { type: 'string', default: '30' },
      calm: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '20' },
      log: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(helpText);
    process.exit(0);
  }
  const { network } = values;
  if (network !== 'multicast' && network !== 'unicast') {
    throw new Error(`--network: "${network}" is neither multicast nor unicast.`);
  }
  const possible = canMakeNamespaces();
  if (network === 'multicast' && !possible.can) {
    throw new Error(`--network multicast cannot be had here (${possible.why}): use unicast.`);
  }
  const [seed, seconds] = [Number(values.seed), Number(values.seconds)];
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed: "${values.seed}" is no number.`);
  if (!(seconds >= 0 && seconds <= 86_400)) throw new Error('--seconds is 0 … 86,400.');
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 1_440))
    throw new Error('--minutes is more than 0, and at most 1,440.');
  const { calm, log = null, json } = values;
  return { network, seed, seconds, calm, minutes, log, json };
}

function print(result: FaultResult): void {
  const { struck, exclusions, failures, left, detectionMs } = result;
  const began = struck[0]?.from ?? 0;
  const seconds = (t: number): string => ((t - began) / 1_000).toFixed(2);
  const rows: readonly (readonly [string, unknown])[] = [
    ['network', result.about],
    ['seed', result.seed],
    ['processes', result.processors],
    ['faults', struck.length],
    ['messages sent', result.sent],
    ['delivered', result.delivered],
    ['retransmissions', result.retransmissions],
    ['views', result.views],
    ['records judged', result.records],
    ['detection of kill -9', distribution(detectionMs)],
    ['left on the machine', left.length === 0 ? 'nothing' : left.join(', ')],
  ];
  for (const [what, value] of rows) console.log(`${what.padEnd(22)}${value}`);
  console.log(`exclusions            ${exclusions.length}`);
  for (const { node, t, because } of exclusions) {
    const why =
      because === null
        ? 'NO FAULT ACCOUNTS FOR IT'
        : `${because.fault} (${because.hit}) since ${seconds(because.from)} s`;
    console.log(`  ${seconds(t).padStart(8)} s  ${node}: ${why}`);
  }
  for (const failure of failures) console.error(`BROKEN: ${failure}`);
  console.log(failures.length === 0 ? 'every promise was kept' : `${failures.length} failures`);
}

function printPart({ part, seconds, kills, blocks, burnt, busy, falseExclusions }: CalmPart): void {
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  console.error(
    `part ${part}: ${seconds} s, ${kills} kills, ${blocks} main threads stood still, burners got ${percent(burnt)}, ` +
      `the machine was ${percent(busy)} busy, ${falseExclusions} false exclusions`,
  );
}

const detectionMsMax = 800;

async function calm({ json, ...plan }: Arguments): Promise<number> {
  const parts = await calmRun({ ...plan, onPart: printPart });
  const sum = (of: (part: CalmPart) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const detectionMs = parts.flatMap((part) => part.detectionMs);
  const failures = parts.flatMap((part) => part.failures);
  for (const ms of detectionMs) {
    if (ms > detectionMsMax) failures.push(`a kill was noticed after ${ms.toFixed(0)} ms`);
  }
  if (json) console.log(JSON.stringify({ type: 'calm', seed: plan.seed, parts, failures }));
  else {
    console.log(`seed                  ${plan.seed}`);
    console.log(`minutes               ${(sum(({ seconds }) => seconds) / 60).toFixed(1)}`);
    console.log(`messages sent         ${sum(({ sent }) => sent)}`);
    console.log(`delivered             ${sum(({ delivered }) => delivered)}`);
    console.log(`false exclusions      ${sum(({ falseExclusions }) => falseExclusions)}`);
    console.log(`kills                 ${sum(({ kills }) => kills)}`);
    console.log(`detection of kill -9  ${distribution(detectionMs)}`);
    for (const failure of failures) console.error(`BROKEN: ${failure}`);
    console.log(failures.length === 0 ? 'every promise was kept' : `${failures.length} failures`);
  }
  return failures.length === 0 && parts.every(({ left }) => left.length === 0) ? 0 : 1;
}

async function main(): Promise<number> {
  let given: Arguments;
  try {
    given = read();
  } catch (error) {
    console.error(
      `${(error as Error).message}\nTo see what there is: npm run fault-test -- --help`,
    );
    return 2;
  }
  const { json, ...plan } = given;
  if (given.calm) return await calm(given);
  const result = await faultRun({
    ...plan,
    onFault({ fault, hit, from, to }) {
      if (!json) console.error(`${fault}: ${hit} (${((to - from) / 1_000).toFixed(2)} s)`);
    },
  });
  if (json) console.log(JSON.stringify({ type: 'fault-test', ...result }));
  else print(result);
  return result.failures.length === 0 && result.left.length === 0 ? 0 : 1;
}

process.exitCode = await main();
