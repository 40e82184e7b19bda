/** Joins a group across machines: through seeds, by multicast, or by making it. */
import {
  GroupError,
  type JoinOptions,
  type ProcessGroup,
  type Statistics,
  Transport,
} from '@choir/process-group';
import type { Given } from '../../arguments/given.ts';
import { listenAddress, usage } from '../../arguments/values.ts';
import { Failure } from '../../failure.ts';
import type { Output } from '../../output/output.ts';
import { clusterKeys, joinersRemedy, makingKeys } from '../cluster-keys.ts';
import { canAsk, type Meeting, meetingOf, multicastText, networkOf, placeText } from './meeting.ts';
import { sayingSo } from './waiting-note.ts';

/** With --init, where there is somebody to ask: so long the others are asked before the group is made. */
const askingMs = 5_000;

/** What a process joins with. */
export type Joining = JoinOptions & {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onWarning: (text: string) => void;
};

type Entry = {
  readonly name: string;
  /** As `--listen` says. */
  readonly listen: string;
  readonly joining: Joining;
  readonly given: Given;
  readonly output: Output;
};

type Asking = Entry & { readonly meeting: Meeting };

/** @throws Failure, GroupError, DriverError */
export async function enterOnNetwork(entry: Entry): Promise<ProcessGroup> {
  const { listen, given, joining } = entry;
  const meeting = meetingOf(listen, given);
  const key = given.text('key');
  if (key === undefined) {
    throw usage(
      '--listen needs --key: a file with the keys that all members have.',
      `Make one: ${makingKeys}`,
    );
  }
  const init = given.flag('init');
  if (!init && !canAsk(meeting)) throw nobodyToAsk(entry);
  const keys = await clusterKeys(key, joinersRemedy);
  const asking: Asking = { ...entry, meeting };
  const told = new Set<string>();
  const once = (text: string, tell: () => void): void => {
    if (!told.has(text)) tell();
    told.add(text);
  };
  const open = async (port: number): Promise<Transport> => {
    const transport = await openTransport({
      network: networkOf(meeting, port),
      keys,
      onWarning: (text) => once(text, () => joining.onWarning(text)),
    });
    once('listening', () => tellAddress(transport.address, asking));
    return transport;
  };
  const port = meeting.kind === 'unicast' ? meeting.own.port : 0;
  if (!init || !canAsk(meeting)) return await joinBy(await open(port), init, asking);
  const first = await open(port);
  const samePort = listenAddress('--listen', first.address).port;
  const joined = await askOthers(first, asking);
  return joined ?? (await joinBy(await open(samePort), true, asking));
}

function nobodyToAsk({ given, listen, joining }: Entry): Failure {
  // A probe makes no group.
  const makes = joining.observer !== true;
  if (!given.flag('seed')) {
    return usage(
      `--listen needs a --seed, ${makes ? '--multicast, or --init' : 'or --multicast'}.`,
    );
  }
  const remedy = makes ? ', or --init to make the group' : '';
  return usage(
    `--seed: ${listen} is this process itself, as --listen says.`,
    `Give the address of another process that may be in the group${remedy}.`,
  );
}

function tellAddress(address: string, { meeting, joining, output }: Asking): void {
  // An observer is gone again before anybody could ask it.
  if (joining.observer === true) return;
  if (meeting.kind === 'unicast') {
    const text = `a seed for others: ${address}`;
    output.result({ type: 'listening', address }, output.paint('dim', text));
    return;
  }
  const multicast = multicastText(meeting.group);
  const text = `others find this process at ${placeText(meeting)}`;
  output.result({ type: 'listening', multicast }, output.paint('dim', text));
}

/** @throws Failure when no seed has an address, which is no fault of the command line */
async function openTransport(options: Parameters<typeof Transport.open>[0]): Promise<Transport> {
  try {
    return await Transport.open(options);
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    throw new Failure('unreachable', `--seed: ${error.message}`);
  }
}

/** Null when nobody of the group answers: it may be made. */
async function askOthers(transport: Transport, asking: Asking): Promise<ProcessGroup | null> {
  const { joining, meeting, output, name } = asking;
  const timeoutMs = Math.min(askingMs, joining.timeoutMs);
  try {
    const group = await transport.join(name, { ...joining, timeoutMs });
    group.afterwards(() => transport.close());
    output.note('the group is there: joined it, and made none');
    return group;
  } catch (error) {
    const statistics = await transport.statistics();
    await transport.close();
    if (!(error instanceof GroupError) || error.code !== 'group-time') throw error;
    if (isAnswered(statistics, error, meeting)) throw notMade(timeoutMs, meeting);
    output.note(
      `nobody answered at ${whereText(meeting)} within ${timeoutMs / 1_000} s: making the group`,
    );
    return null;
  }
}

/** Whether there is somebody of the group, though nobody let this process in. */
function isAnswered(
  { receivedDatagrams, refused }: Statistics,
  error: GroupError,
  { kind }: Meeting,
): boolean {
  if (kind === 'unicast' && receivedDatagrams === 0) return false;
  // One also hears who waits for this group, and other groups, by multicast oneself: only what members say to each other counts, or to this process.
  return refused.has('stranger') || !error.message.includes('No member answered');
}

function notMade(timeoutMs: number, meeting: Meeting): Failure {
  const anyway =
    meeting.kind === 'unicast'
      ? 'To make it whoever is there: the same without --seed.'
      : 'To begin it anew: end them first.';
  return new Failure(
    'unreachable',
    `Somebody answers at ${whereText(meeting)}, but did not let this process in within ${timeoutMs / 1_000} s: the group was not made.`,
    `To wait for them: the same without --init. ${anyway}`,
  );
}

function whereText(meeting: Meeting): string {
  return meeting.kind === 'unicast' ? 'the seeds' : placeText(meeting);
}

async function joinBy(transport: Transport, init: boolean, asking: Asking): Promise<ProcessGroup> {
  const { name, joining, output, meeting } = asking;
  try {
    const group = await sayingSo(transport.join(name, { ...joining, init }), () =>
      output.note(waitingText(meeting, joining.timeoutMs)),
    );
    group.afterwards(() => transport.close());
    return group;
  } catch (error) {
    await transport.close();
    throw error;
  }
}

function waitingText(meeting: Meeting, timeoutMs: number): string {
  const way = meeting.kind === 'unicast' ? 'through' : 'by multicast at';
  return (
    `waiting to be let in ${way} ${placeText(meeting)}; gives up after ${timeoutMs / 1_000} s. ` +
    'A group without a majority lets nobody in.'
  );
}
