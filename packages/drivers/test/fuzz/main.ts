// npm run fuzz -- --ftmp [OPTION…]: `--help` says more.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { FuzzResult } from './fuzz-run.ts';
import { type SocketResult, socketRun } from './socket-run.ts';
import { watchedRun } from './watched-run.ts';

const helpText = `npm run fuzz -- --ftmp [OPTION…]

Datagrams that nobody should send, at groups of three processors that send each other messages all the time: damaged,
recorded and random ones, and messages of every type, with numbers at their extremes and what is true of the group mixed
in: under another key, without an envelope, of strangers, of a second processor with the id of a member. Nothing may
throw, be busy without end or grow (which is judged from 500,000 datagrams on). Outsiders and strangers may disturb
nobody; but a stranger that asks to be let in, as holders of the key may, is added, and dropped when it is not heard.

In virtual time (default) they meet the protocol behind its envelope. Members that lie attack a group of their own, too;
what they may break is in docs/threat-model.md, and such a group is replaced.

Options:
  --sockets       real processors with their threads, through UDP sockets on loopback; no change of view, and every
                  message of theirs is delivered to all in one order
  --datagrams N   how many are thrown, 12 … 1,000,000,000 (default 1000000)
  --per-second N  with --sockets: how many a second, 1 … 1,000,000 (default 5000); when fewer than 90 % arrive, it fails
  --seed S        what is thrown at whom (default: random); with --sockets times are the machine's own
  --json          the result as one JSON object
  --help          this

What was thrown last is told in hexadecimal digits when something breaks; in virtual time the same seed throws the same.

Exit codes: 0 all went on as if nothing had come · 1 something was thrown, disturbed, busy, or grew · 2 the command line is wrong
`;

type Arguments = {
  readonly sockets: boolean;
  readonly datagrams: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly json: boolean;
};

/** More from the middle third to the last is a leak, once what is bounded is full: who has gone, connections, addresses. */
const growthMax = 1.15;
const fullFrom = 500_000;

function read(): Arguments {
  const { values } = parseArgs({
    options: {
      ftmp: { type: 'boolean' },
      sockets: { type: 'boolean', default: false },
      datagrams: { type: 'string', default: '1000000' },
      'per-second': { type: 'string', default: '5000' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(helpText);
    process.exit(0);
  }
  const { sockets, json } = values;
  return {
    sockets,
    json,
    datagrams: whole('--datagrams', values.datagrams, 12, 1e9),
    perSecond: whole('--per-second', values['per-second'], 1, 1e6),
    seed: whole('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name}: "${text}" is not a whole number of ${least} … ${most}.`);
}

/** The last third to the middle one. */
function growthOf(heapBytes: readonly number[]): number {
  const third = Math.floor(heapBytes.length / 3);
  const mean = (some: readonly number[]): number =>
    some.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, some.length);
  return mean(heapBytes.slice(-third)) / mean(heapBytes.slice(third, 2 * third));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function print(result: FuzzResult | SocketResult, growth: number): void {
  const { attacks, refused, heapBytes, seed } = result;
  for (const [what, count] of [...attacks].sort())
    console.log(`sent     ${what.padEnd(28)}${count}`);
  for (const [why, count] of [...refused].sort()) console.log(`refused  ${why.padEnd(28)}${count}`);
  console.log(`seed     ${seed}`);
  console.log(
    `memory   ${megabytes(heapBytes[0] ?? 0)} before, ${megabytes(heapBytes.at(-1) ?? 0)} in the end`,
  );
  console.log(`growth   ${growth.toFixed(2)} (the last third to the middle one)`);
  console.log(`strangers who asked for what is given, were added, and dropped: ${result.came}`);
  if ('broken' in result) {
    console.log(`groups that liars inside broke: ${result.broken}`);
    return;
  }
  const { arrived, answers, misled, sent } = result;
  console.log(`arrived  ${(100 * arrived).toFixed(1)} %, answered ${answers}`);
  console.log(`came where Joins said that their senders are: ${misled}`);
  console.log(`messages that the groups sent meanwhile: ${sent}`);
}

async function main(): Promise<number> {
  let given: Arguments;
  try {
    given = read();
  } catch (error) {
    console.error(
      `${(error as Error).message}\nTo see what there is: npm run fuzz -- --ftmp --help`,
    );
    return 2;
  }
  const { sockets, json, ...plan } = given;
  const onStage = (datagrams: number, heapBytes: number): void => {
    if (!json) console.error(`${datagrams} datagrams, ${megabytes(heapBytes)} of memory`);
  };
  const started = performance.now();
  const result = sockets
    ? await socketRun({ ...plan, onStage })
    : await watchedRun({ ...plan, onStage });
  const seconds = (performance.now() - started) / 1_000;
  const growth = growthOf(result.heapBytes);
  const failures = [...result.failures];
  if (failures.length === 0 && plan.datagrams >= fullFrom && growth > growthMax)
    failures.push(`memory grew by more than ${growthMax}`);
  if (json) {
    const { attacks, refused } = result;
    const counts = { attacks: Object.fromEntries(attacks), refused: Object.fromEntries(refused) };
    console.log(JSON.stringify({ type: 'fuzz', ...result, ...counts, growth, seconds, failures }));
  } else {
    print(result, growth);
    console.log(
      `datagrams ${plan.datagrams}, seconds ${seconds.toFixed(0)}, thrown and disturbed: ${failures.length}`,
    );
    for (const failure of failures) console.error(`BROKEN: ${failure}`);
  }
  return failures.length > 0 ? 1 : 0;
}

// A thread that is busy without end does not keep this one.
process.exit(await main());
