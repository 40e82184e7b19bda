/** `choir group join`: multicasts what is typed, shows what the group says. */
import { DriverError, readKeys } from '@choir/drivers';
import {
  GroupError,
  type GroupEvent,
  type JoinOptions,
  joinGroup,
  memberText,
  type ProcessGroup,
  Transport,
} from '@choir/process-group';
import type { Given } from '../../arguments/given.ts';
import { durationMs, usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import { jsonData } from '../../output/json-data.ts';
import type { Output } from '../../output/output.ts';
import { printable, printableData } from '../../output/printable.ts';
import { inputLines } from '../input-lines.ts';

const networkOptions = ['seed', 'init', 'key'] as const;

export async function joinProcessGroup(given: Given, context: Context): Promise<ExitCode> {
  const name = given.word(1, 'NAME');
  const { output, input, interruption } = context;
  let group: ProcessGroup;
  try {
    group = await join(name, given, context);
  } catch (error) {
    if (interruption.signal.aborted) throw interruption.failure();
    throw failureOf(error);
  }
  const listening = listen(group, output);
  const talking = talk(group, input);
  const leavesAtEnd = (input.isTTY && !output.json) || given.flag('leave-at-eof');
  const over = leavesAtEnd ? talking : talking.then(() => new Promise(() => {}));
  try {
    await Promise.race([over, listening, interruption.came]);
    await group.leave();
    await listening;
  } catch (error) {
    throw failureOf(error);
  }
  return 'done';
}

function join(
  name: string,
  given: Given,
  { output, interruption }: Context,
): Promise<ProcessGroup> {
  const label = given.text('id');
  const timeout = given.text('timeout');
  const options: JoinOptions & { readonly onWarning: (text: string) => void } = {
    ...(label === undefined ? {} : { label }),
    ...(timeout === undefined ? {} : { timeoutMs: durationMs('--timeout', timeout) }),
    signal: interruption.signal,
    onWarning: (text) => output.note(text),
  };
  const listen = given.text('listen');
  if (listen !== undefined) return joinOnNetwork(name, { ...options, listen }, given, output);
  for (const option of networkOptions) {
    if (given.flag(option)) throw usage(`--${option} is of use with --listen only.`);
  }
  return joinGroup(name, options);
}

type NetworkOptions = JoinOptions & {
  readonly listen: string;
  readonly onWarning: (text: string) => void;
};

async function joinOnNetwork(
  name: string,
  { listen, onWarning, ...options }: NetworkOptions,
  given: Given,
  output: Output,
): Promise<ProcessGroup> {
  const [, host = '', port = '0'] = /^(.+?)(?::(\d+))?$/.exec(listen) ?? [];
  const key = given.text('key');
  if (key === undefined) {
    throw usage(
      '--listen needs --key: a file with the keys that all members have.',
      `Make one: echo "1 $(openssl rand -hex 32)" > cluster.key; chmod 600 cluster.key`,
    );
  }
  const seeds = given.list('seed');
  const init = given.flag('init');
  if (!init && seeds.length === 0) throw usage('--listen needs a --seed, or --init.');
  const network = { kind: 'unicast', host, port: Number(port), seeds } as const;
  const transport = await Transport.open({ network, keys: await readKeys(key), onWarning });
  const { address } = transport;
  output.result(
    { type: 'listening', address },
    output.paint('dim', `a seed for others: ${address}`),
  );
  try {
    const group = await transport.join(name, { ...options, init });
    group.afterwards(() => transport.close());
    return group;
  } catch (error) {
    await transport.close();
    throw error;
  }
}

async function listen(group: ProcessGroup, output: Output): Promise<void> {
  for await (const event of group) {
    tell(event, group, output);
    if (output.stalled) await output.drained();
  }
}

function tell(event: GroupEvent, group: ProcessGroup, output: Output): void {
  switch (event.kind) {
    case 'view': {
      const { number, members, joined, returned, left, excluded } = event.view;
      const labels = members.map(({ label }) => label);
      const news = [
        ...joined.map((one) =>
          returned.includes(one) ? `${one.label} is back` : `${one.label} joined`,
        ),
        ...left.map(({ label }) => `${label} left`),
        ...excluded.map(({ label }) => `${label} is gone`),
      ];
      const line = printable(`view ${number}: ${labels.join(', ')} (${news.join(', ')})`);
      output.result(
        { type: 'view', id: number, members: labels, primary: group.primary },
        output.paint('dim', line),
      );
      return;
    }
    case 'message': {
      const { from, bytes } = event;
      output.result(
        { type: 'message', sender: from.label, data: jsonData(bytes) },
        `${output.paint('bold', printable(from.label))}: ${printableData(bytes)}`,
      );
      return;
    }
    case 'primary': {
      const text = event.primary
        ? 'a majority is together again'
        : 'cut off from the majority: nothing goes on until it is back';
      output.result({ type: 'primary', primary: event.primary }, output.paint('yellow', text));
      return;
    }
    case 'excluded':
      output.result(
        { type: 'excluded' },
        output.paint('yellow', 'the others removed this process; it comes back by itself'),
      );
      return;
    case 'slow':
    case 'stalled':
      output.note(
        printable(
          `${memberText(event.member)} is ${event.is ? event.kind : `not ${event.kind} any more`}`,
        ),
      );
      return;
    case 'unreadable':
      output.note(`${event.from} sent what cannot be read`);
      return;
    default:
      event satisfies never;
  }
}

/** Multicasts what is typed or piped in. */
async function talk(group: ProcessGroup, input: NodeJS.ReadStream): Promise<void> {
  for await (const data of inputLines(input)) await group.multicast(data);
}

function failureOf(error: unknown): unknown {
  if (error instanceof GroupError) {
    const codes = {
      'group-option': 'usage',
      'group-time': 'unreachable',
      'group-refused': 'refused',
      'group-state-lost': 'nothing_there',
      'group-excluded': 'failed',
      'group-over': 'failed',
      'group-replica': 'failed',
      'group-unread': 'failed',
    } as const;
    return new Failure(codes[error.code], error.message);
  }
  if (error instanceof DriverError) {
    return new Failure(error.code === 'drivers-key' ? 'gate' : 'address', error.message);
  }
  return error;
}
