import type { Group, Member, Rejoined } from '@choir/client';
import type { Command } from '../../arguments/command.ts';
import type { Given } from '../../arguments/given.ts';
import { connecting, naming } from '../../arguments/option.ts';
import { groupName } from '../../arguments/values.ts';
import { Connection } from '../../connection/connection.ts';
import { displayNameOf } from '../../connection/display-name.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import { DeliveryPrinter } from '../../output/delivery-printer.ts';
import type { Output } from '../../output/output.ts';
import { printable } from '../../output/printable.ts';
import { Acknowledgements } from '../acknowledgements.ts';
import { inputLines } from '../input-lines.ts';
import { Prompt } from './prompt.ts';

export const joinCommand: Command = {
  name: 'join',
  summary: 'Talks and listens in a group.',
  synopsis: 'GROUP [OPTION…]',
  options: {
    ...connecting,
    ...naming,
    'leave-at-eof': { help: 'Leaves when standard input ends and everything is acknowledged.' },
  },
  examples: [
    ['choir join lobby --name Ann', 'what you type is broadcast; what others say is shown'],
    ['choir join team/design --id ann', 'as the same member next time, from this machine'],
    ['tail -f app.log | choir join logs --json', 'broadcasts lines as they come'],
  ],
  notes: [
    'Each line of standard input is one message to all members, in the one order that all see. ' +
      'While the server is away, lines wait and are sent once it is back.',
    'Ctrl-C, SIGTERM, SIGHUP and, on a terminal, Ctrl-D leave the group, with exit code 0; a second Ctrl-C ends at once, and ' +
      'then the others see you as disconnected until your membership times out. When standard input ' +
      'is a pipe or a file and ends, choir goes on listening, unless --leave-at-eof is given.',
  ],
  words: { names: ['GROUP'], max: 1 },
  run: runJoin,
};

async function runJoin(given: Given, context: Context): Promise<ExitCode> {
  const name = groupName(given.word(0, 'GROUP'));
  const connection = await Connection.open(given, context, { longRunning: true });
  try {
    const { output } = context;
    const begin = (group: Group) => listen(group, connection, output);
    const joining = connection.client.join(name, { name: displayNameOf(given), begin });
    const group = await connection.lasting(joining);
    const left = new Promise<never>((_, reject) => {
      group.on('left', ({ why }) => reject(notAMember(name, why)));
    });
    left.catch(() => {});
    const { input, screen } = context;
    const isInteractive = input.isTTY && screen.isTTY && !output.json;
    const prompt = isInteractive ? new Prompt(name, connection.client, context) : undefined;
    const talking = talk(group, prompt?.lines() ?? inputLines(input), { connection, output });
    const leavesAtEnd = isInteractive || given.flag('leave-at-eof');
    const over = leavesAtEnd ? talking : talking.then(() => new Promise(() => {}));
    try {
      await Promise.race([over, left, connection.untilInterrupted()]);
    } catch (error) {
      if (!context.interruption.signal.aborted) throw error;
    } finally {
      prompt?.close();
    }
    await connection.parting(() => group.leave());
    return 'done';
  } finally {
    await connection.close();
  }
}

function listen(group: Group, connection: Connection, output: Output): void {
  const printer = new DeliveryPrinter(output);
  group.on('joined', ({ globalId, epoch }) => {
    printer.know(group.members());
    const me = connection.client.clientId ?? '';
    tellJoined(group.members(), { group: group.name, globalId, epoch, senderId: me }, output);
  });
  group.on('delivery', (delivery) => printer.print(delivery));
  group.on('rejoined', (rejoined) => tellRejoined(group, rejoined, output));
  group.on('withdrawn', ({ localId, why }) => {
    output.note(`message ${localId} was withdrawn: ${why}`);
  });
}

/** Broadcasts what is typed or piped in; resolves when it has ended and all of it is acknowledged. */
async function talk(
  group: Group,
  lines: AsyncIterable<Uint8Array>,
  { connection, output }: { readonly connection: Connection; readonly output: Output },
): Promise<void> {
  const acknowledgements = new Acknowledgements(group.name, connection, output, { quiet: true });
  for await (const data of lines) {
    await acknowledgements.room();
    acknowledgements.add(data, group.broadcast(data));
  }
  await acknowledgements.printed;
}

type Joined = {
  readonly group: string;
  readonly globalId: number;
  readonly epoch: number;
  readonly senderId: string;
};

function tellJoined(members: readonly Member[], joined: Joined, output: Output): void {
  const name = members.find(({ clientId }) => clientId === joined.senderId)?.name;
  const all = members.map((member) =>
    member.status === 'member' ? member.name : `${member.name} (disconnected)`,
  );
  const line = printable(`joined ${joined.group} as ${name}; members: ${all.join(', ')}`);
  output.result({ type: 'joined', ...joined, name }, output.paint('dim', line));
}

function tellRejoined(group: Group, rejoined: Rejoined, output: Output): void {
  const { delivered, resent, duplicates, gap } = rejoined;
  const [conflicts, discarded] = [rejoined.conflicts.length, rejoined.discarded.length];
  const counts = { delivered, resent, duplicates, conflicts, discarded, gap };
  const place = { group: group.name, globalId: group.position };
  const line = gap
    ? 'back; what was missed is not known any more'
    : `back; ${delivered} missed, ${resent} sent again`;
  output.result({ type: 'rejoined', ...place, ...counts }, output.paint('dim', line));
}

function notAMember(group: string, why: string): Failure {
  return new Failure('refused', `This client is no longer a member of ${group}: ${why}.`);
}
