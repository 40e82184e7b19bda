import type { Member, Watch } from '@choir/client';
import type { Command } from '../arguments/command.ts';
import type { Given } from '../arguments/given.ts';
import { connecting, patience } from '../arguments/option.ts';
import { groupName } from '../arguments/values.ts';
import { Connection } from '../connection/connection.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { DeliveryPrinter } from '../output/delivery-printer.ts';
import type { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import { noGroup } from './log.ts';

export const membersCommand: Command = {
  name: 'members',
  summary: 'Shows who is in a group, and who is really there.',
  synopsis: 'GROUP [--watch] [OPTION…]',
  options: {
    watch: { short: 'w', help: 'Goes on with every change, until Ctrl-C.' },
    ...connecting,
    ...patience,
  },
  examples: [
    ['choir members lobby', 'members, and those whose connection is away for now'],
    ['choir members lobby --watch --json', 'every change as one JSON object'],
  ],
  notes: [
    'A member whose connection is lost is a disconnected member until it is back or its absence has ' +
      'lasted too long. Watching makes nobody a member.',
  ],
  words: { names: ['GROUP'], max: 1 },
  run: runMembers,
};

async function runMembers(given: Given, context: Context): Promise<ExitCode> {
  const group = groupName(given.word(0, 'GROUP'));
  const longRunning = given.flag('watch');
  const connection = await Connection.open(given, context, { longRunning });
  try {
    if (longRunning) return await follow(group, connection, context);
    const state = await connection.answer(connection.client.readState(group));
    if (!state.exists) throw noGroup(group);
    const { seq: globalId, epoch } = state.at;
    list(state.members, { group, globalId, epoch }, context.output);
    return 'done';
  } finally {
    await connection.close();
  }
}

async function follow(group: string, connection: Connection, context: Context): Promise<ExitCode> {
  const { output } = context;
  const printer = new DeliveryPrinter(output);
  const show = (watch: Watch) => {
    const { globalId = 0, epoch = 0 } = watch.cursor ?? {};
    printer.know(watch.members());
    list(watch.members(), { group, globalId, epoch }, output);
  };
  const begin = (watch: Watch) => {
    watch.on('joined', () => show(watch));
    watch.on('delivery', (delivery) => printer.print(delivery));
    watch.on('rejoined', ({ gap }) => {
      if (gap) show(watch);
    });
  };
  await connection.lasting(connection.client.watch(group, { scope: 'members', begin }));
  await connection.untilInterrupted();
  return 'done';
}

const words = { member: 'here', disconnected_member: 'disconnected' } as const;

function list(
  members: readonly Member[],
  place: { readonly group: string; readonly globalId: number; readonly epoch: number },
  output: Output,
): void {
  const wide = Math.max(0, ...members.map(({ name }) => printable(name).length));
  for (const { clientId: senderId, name, status } of members) {
    const record = { type: 'member', ...place, kind: 'present', senderId, name, status };
    const state = output.paint(status === 'member' ? 'green' : 'yellow', words[status].padEnd(12));
    const shown = printable(name).padEnd(wide);
    output.result(record, `${state}  ${shown}  ${output.paint('dim', printable(senderId))}`);
  }
  if (members.length === 0 && !output.json) output.note('no members');
}
