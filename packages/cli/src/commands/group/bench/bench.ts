/** `choir group bench`: starts members on this machine, has them multicast, and says how much and how fast. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Given } from '../../../arguments/given.ts';
import { wholeNumber } from '../../../arguments/values.ts';
import type { Context } from '../../../context.ts';
import type { ExitCode } from '../../../exit-code.ts';
import { Failure } from '../../../failure.ts';
import { processGroupName } from '../group-name.ts';
import { Fleet } from './fleet.ts';
import { Progress } from './progress.ts';
import { type Figures, membersText, printFigures, type Setup } from './report.ts';
import { stampBytes } from './tally.ts';

/** Before it is measured: code is compiled, windows are found. */
const warmUpMs = 1_000;
/** How long messages are sent one at a time. */
const singlesMs = 2_000;
/** A machine that is busy may take so much longer. */
const patienceMs = 120_000;

export async function benchProcessGroup(given: Given, context: Context): Promise<ExitCode> {
  const setup = setupOf(given);
  const { interruption, output } = context;
  const directory = mkdtempSync(join(tmpdir(), 'choir-bench-'));
  const late = AbortSignal.timeout(limitMs(setup));
  const fleet = new Fleet(setup.members);
  const progress = new Progress(context, setup.members);
  // A second signal ends this process at once: nothing is to be left behind then, either.
  const endAtOnce = (): void => {
    fleet.kill();
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', endAtOnce);
  try {
    const signal = AbortSignal.any([interruption.signal, late]);
    const figures = await measure({ setup, directory, fleet, progress, signal });
    progress.end();
    checkSame(figures);
    printFigures(setup, figures, output);
    return 'done';
  } catch (error) {
    progress.end();
    if (interruption.signal.aborted) throw interruption.failure();
    if (late.aborted) throw givenUp(setup, progress);
    throw error;
  } finally {
    await fleet.end();
    rmSync(directory, { recursive: true, force: true });
    process.off('exit', endAtOnce);
  }
}

function limitMs({ seconds }: Setup): number {
  return seconds * 2_000 + patienceMs;
}

function givenUp(setup: Setup, progress: Progress): Failure {
  const [load = 0] = loadavg();
  const processors = availableParallelism();
  return new Failure(
    'failed',
    `The members did not get on within ${limitMs(setup) / 1_000} s: ${progress.reached}.`,
    `This machine runs ${processors} threads at a time, and ${load.toFixed(1)} wanted to run in the last minute. ` +
      'Take fewer members (--members), or wait until it is idle.',
  );
}

function setupOf(given: Given): Setup {
  const group = processGroupName(given.word(1, 'NAME'));
  const number = (option: string, otherwise: number, min: number, max: number): number => {
    const text = given.text(option);
    return text === undefined ? otherwise : wholeNumber(`--${option}`, text, { min, max });
  };
  const members = number('members', 3, 1, 64);
  return {
    group,
    members,
    senders: number('senders', members, 1, members),
    seconds: number('seconds', 10, 1, 3_600),
    size: number('size', 1_000, stampBytes, 1_048_576),
  };
}

type Measurement = {
  readonly setup: Setup;
  readonly directory: string;
  readonly fleet: Fleet;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

async function measure(measurement: Measurement): Promise<readonly Figures[]> {
  const { setup, directory, fleet, progress, signal } = measurement;
  const { members, senders, seconds, size, group: name } = setup;
  const numbers = Array.from({ length: members }, (_, at) => at + 1);
  progress.begin(`starting ${membersText(members)}`);
  fleet.hear((member, told) => {
    if (told.kind === 'viewed') progress.viewed(member, told.members);
    else if (told.kind === 'progress') progress.count(member, told.messages);
  });
  const ready = fleet.all('ready', signal);
  for (const member of numbers) {
    fleet.order(member, { kind: 'join', name, directory, member, members, size });
  }
  await ready;
  progress.begin('warming up');
  for (const member of numbers.slice(0, senders)) fleet.order(member, { kind: 'load' });
  await fleet.pass(warmUpMs, signal);
  const begun = fleet.all('begun', signal);
  fleet.order(1, { kind: 'mark', mark: 'begin' });
  await begun;
  progress.begin(`measuring for ${seconds} s`);
  await fleet.pass(seconds * 1_000, signal);
  const measured = fleet.all('measured', signal);
  fleet.order(1, { kind: 'mark', mark: 'end' });
  const loaded = await measured;
  progress.begin('one message at a time');
  const singles = fleet.all('alone', signal);
  fleet.order(1, { kind: 'singles', forMs: singlesMs });
  const alone = await singles;
  return loaded.map(({ measured }, at) => {
    const latency = alone[at]?.latency;
    if (latency === undefined) throw new Error(`member ${at + 1} was not heard`);
    return { member: at + 1, measured, alone: latency };
  });
}

/** Everybody was given the same messages in the same order, or the figures mean nothing. */
function checkSame(figures: readonly Figures[]): void {
  const [first] = figures;
  for (const { member, measured } of figures) {
    if (measured.messages === first?.measured.messages && measured.sum === first.measured.sum) {
      continue;
    }
    throw new Failure('failed', `Members 1 and ${member} were not given the same in one order.`);
  }
}
