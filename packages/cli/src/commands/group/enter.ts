/** Joins the group of the command line: on this machine, or with `--listen` across machines. */
import { GroupError, type JoinOptions, joinGroup, type ProcessGroup } from '@choir/process-group';
import type { Given } from '../../arguments/given.ts';
import { usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import { Failure } from '../../failure.ts';
import { printable } from '../../output/printable.ts';
import { enterOnNetwork, type Joining } from './enter-on-network.ts';
import { groupFailure } from './group-failure.ts';
import { memberLabel, processGroupName } from './group-name.ts';
import { timeoutMs } from './patience.ts';
import { sayingSo } from './waiting-note.ts';

const networkOptions = ['seed', 'multicast', 'init', 'key'] as const;
const usualTimeoutMs = 30_000;

const anew =
  'If the majority is gone for good, end those that are left: whoever joins then makes the group anew.';

/** What the command itself says of its member. */
export type Entrance = Pick<JoinOptions, 'label' | 'observer'>;

/** @throws Failure */
export async function enterGroup(
  given: Given,
  context: Context,
  entrance: Entrance = {},
): Promise<ProcessGroup> {
  const { output, interruption } = context;
  const name = processGroupName(given.word(1, 'NAME'));
  const id = given.text('id');
  const label = id === undefined ? entrance.label : memberLabel(given.place('id'), id);
  const joining: Joining = {
    ...entrance,
    ...(label === undefined ? {} : { label }),
    timeoutMs: timeoutMs(given) ?? usualTimeoutMs,
    signal: interruption.signal,
    onWarning: (text) => output.note(text),
  };
  try {
    const listen = given.text('listen');
    if (listen !== undefined) return await enterOnNetwork({ name, listen, joining, given, output });
    for (const option of networkOptions) {
      if (given.flag(option)) throw usage(`--${option} is of use with --listen only.`);
    }
    return await sayingSo(enterHere(name, joining), () =>
      output.note(waitingHere(name, joining), notLetIn(joining)),
    );
  } catch (error) {
    if (interruption.signal.aborted) throw interruption.failure();
    throw groupFailure(error);
  }
}

async function enterHere(name: string, joining: Joining): Promise<ProcessGroup> {
  try {
    return await joinGroup(name, joining);
  } catch (error) {
    if (!(error instanceof GroupError) || error.code !== 'group-time') throw error;
    const { timeoutMs } = joining;
    const text = `Nobody let this process into group ${quoted(name)} within ${timeoutMs / 1_000} s.`;
    // What a member said of it is in the text alone.
    const [said] = /A member said: .*$/.exec(error.message) ?? [];
    const why = said === undefined ? [notLetIn(joining), anew] : [said];
    throw new Failure('unreachable', text, ...why);
  }
}

function waitingHere(name: string, { timeoutMs }: Joining): string {
  return `waiting to be let into group ${quoted(name)}; gives up after ${timeoutMs / 1_000} s`;
}

/** What it may be, where somebody runs who is found without seeds: nobody else can tell. */
function notLetIn({ label }: Joining): string {
  const taken = label === undefined ? '' : `, or while another one is called ${quoted(label)}`;
  return `Members let nobody in while they have no majority, which they print themselves${taken}.`;
}

function quoted(text: string): string {
  return printable(JSON.stringify(text));
}
