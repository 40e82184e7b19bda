import type { Delivery, Watch } from '@choir/client';
import type { Command } from '../arguments/command.ts';
import type { Given } from '../arguments/given.ts';
import { connecting, patience } from '../arguments/option.ts';
import { groupName } from '../arguments/values.ts';
import { Connection } from '../connection/connection.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';
import { DeliveryPrinter } from '../output/delivery-printer.ts';

export const logCommand: Command = {
  name: 'log',
  summary: 'Shows what happened in a group.',
  synopsis: 'GROUP [--from N] [--follow] [OPTION…]',
  options: {
    from: { value: 'N', help: 'Begins with global id N (default: the beginning).' },
    follow: { short: 'f', help: 'Goes on with what happens from now on, until Ctrl-C.' },
    ...connecting,
    ...patience,
  },
  examples: [
    ['choir log lobby', 'everything so far'],
    ['choir log lobby --from 1200 --follow', 'from a global id on, and then live'],
    ['choir log lobby --json | jq -r \'select(.kind == "bcast").data\'', 'the messages only'],
  ],
  notes: ['Ends at the newest entry unless told to follow. Reading the log makes nobody a member.'],
  words: { names: ['GROUP'], max: 1 },
  run: runLog,
};

/** Before the first entry of every group. */
const beginning = { globalId: 0, epoch: 0, created: 0 };

async function runLog(given: Given, context: Context): Promise<ExitCode> {
  const group = groupName(given.word(0, 'GROUP'));
  const first = given.natural('from') ?? 0;
  const follow = given.flag('follow');
  const connection = await Connection.open(given, context, { longRunning: follow });
  try {
    const printer = new DeliveryPrinter(context.output);
    const print = (delivery: Delivery) => {
      if (delivery.globalId >= first) printer.print(delivery);
      else printer.learn(delivery);
    };
    const begin = (watch: Watch) => {
      const tell = ({ gap }: { readonly gap: boolean }) => {
        if (gap) context.output.note('some entries are no longer kept; the log has a gap here');
      };
      watch.on('joined', tell);
      watch.on('delivery', print);
      watch.on('rejoined', tell);
    };
    const watching = connection.client.watch(group, { from: beginning, begin });
    const watch = await connection.answer(watching);
    if (follow) {
      await connection.untilInterrupted();
      return 'done';
    }
    if (watch.cursor === null || watch.cursor.created === 0) throw noGroup(group);
    return 'done';
  } finally {
    await connection.close();
  }
}

export function noGroup(group: string): Failure {
  return new Failure(
    'nothing_there',
    `There is no group ${group}.`,
    'It comes into being with its first message or member.',
  );
}
