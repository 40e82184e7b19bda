import type { Cursor, Delivery, Watch } from '@choir/client';
import type { Command } from '../arguments/command.ts';
import type { Given } from '../arguments/given.ts';
import { connecting, patience } from '../arguments/option.ts';
import { groupName } from '../arguments/values.ts';
import { Connection } from '../connection/connection.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';
import { DeliveryPrinter } from '../output/delivery-printer.ts';
import type { Output } from '../output/output.ts';

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
  notes: [
    'Ends at the newest entry unless told to follow. Reading the log makes nobody a member.',
    'While the output is not read (`choir log lobby | less`) the connection is given up; the log goes ' +
      'on from there when it is read again.',
  ],
  words: { names: ['GROUP'], max: 1 },
  run: runLog,
};

/** Before the first entry of every group. */
const beginning: Cursor = { globalId: 0, epoch: 0, created: 0 };

type Reading = {
  readonly group: string;
  readonly follow: boolean;
  readonly show: (delivery: Delivery) => void;
  /** Some of the log is not kept. */
  readonly tellGap: () => void;
};

async function runLog(given: Given, context: Context): Promise<ExitCode> {
  const group = groupName(given.word(0, 'GROUP'));
  const first = given.natural('from') ?? 0;
  const follow = given.flag('follow');
  const { output, interruption } = context;
  const printer = new DeliveryPrinter(output);
  let next = first;
  let isGapTold = false;
  const show = (delivery: Delivery): void => {
    if (delivery.globalId < next) {
      printer.learn(delivery);
      return;
    }
    printer.print(delivery);
    next = delivery.globalId + 1;
    isGapTold = false;
  };
  const tellGap = (): void => {
    if (!isGapTold) output.note('some entries are no longer kept; the log has a gap here');
    isGapTold = true;
  };
  for (let from: Cursor | null = beginning; from !== null; ) {
    const connection = await Connection.open(given, context, { longRunning: follow });
    try {
      from = await readOn(from, { group, follow, show, tellGap }, { connection, output });
    } finally {
      await connection.close();
    }
    if (from === null) break;
    const wanted = await Promise.race([output.drained(), interruption.came.then(() => 'no more')]);
    if (wanted === undefined) continue;
    if (follow) break;
    throw interruption.failure();
  }
  return 'done';
}

type Means = { readonly connection: Connection; readonly output: Output };

/**
 * Shows the log from a cursor on. Returns null at its end, else where to go on, with another connection,
 * when the output has been read: nothing but its end stops one from bringing more. Also where a part of
 * the log is not kept: then it begins anew, and what was shown is not shown again.
 */
async function readOn(
  from: Cursor,
  { group, follow, show, tellGap }: Reading,
  { connection, output }: Means,
): Promise<Cursor | null> {
  const state = { last: from, isEnough: false, isOver: false, stir: (): void => {} };
  const begin = (watch: Watch): void => {
    const goOn = (cursor: Cursor): void => {
      state.last = cursor;
      state.isEnough = true;
      state.stir();
    };
    watch.on('joined', ({ globalId, epoch, gap }) => {
      const created = watch.cursor?.created ?? 0;
      if (!gap || created === 0) return;
      tellGap();
      // All that is kept is given to who asks from the beginning, and to nobody else.
      if (from.created !== 0) goOn(beginning);
      // It follows, and with it all that comes: to be asked for anew, as what has an end.
      else if (!follow) goOn({ globalId, epoch, created });
    });
    watch.on('rejoined', ({ gap }) => {
      if (!gap) return;
      tellGap();
      goOn(beginning);
    });
    watch.on('delivery', (delivery) => {
      // What is still on its way when the connection is given up comes again.
      if (state.isEnough) return;
      show(delivery);
      const { globalId, epoch } = delivery;
      state.last = { globalId, epoch, created: watch.cursor?.created ?? from.created };
      state.isEnough = output.stalled;
      state.stir();
    });
  };
  const watching = connection.client.watch(group, { from, begin });
  const whole = follow
    ? connection.lasting(watching).then(() => connection.untilInterrupted())
    : watching.then(() => undefined);
  const end = (): void => {
    state.isOver = true;
    state.stir();
  };
  whole.then(end, end);
  while (!state.isOver && !state.isEnough) {
    const news = new Promise<void>((resolve) => {
      state.stir = resolve;
    });
    await (follow ? news : connection.answer(news));
  }
  if (state.isEnough) return state.last;
  await (follow ? whole : connection.lasting(whole));
  const { cursor } = await watching;
  if (!follow && (cursor === null || cursor.created === 0)) throw noGroup(group);
  return null;
}

export function noGroup(group: string): Failure {
  return new Failure(
    'nothing_there',
    `There is no group ${group}.`,
    'It comes into being with its first message or member.',
  );
}
