import type { Delivery, Group, Rejoined } from '@choir/client';
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
    'When standard input ends, choir goes on listening until Ctrl-C or SIGTERM, unless ' +
      '--leave-at-eof is given. Ctrl-C leaves the group; a second Ctrl-C ends at once, and then ' +
      'the others see you as disconnected until your membership times out.',
  ],
  words: { names: ['GROUP'], max: 1 },
  run: runJoin,
};

async function runJoin(given: Given, context: Context): Promise<ExitCode> {
  const name = groupName(given.word(0, 'GROUP'));
  const connection = await Connection.open(given, context, { longRunning: true });
  try {
    const { output } = context;
    const begin = (group: Group) => listen(group, output);
    const joining = connection.client.join(name, { name: displayNameOf(given), begin });
    const group = await connection.lasting(joining);
    tellJoined(group, connection, output);
    const left = new Promise<never>((_, reject) => {
      group.on('left', ({ why }) => reject(notAMember(name, why)));
    });
    left.catch(() => {});
    const talking = talk(group, connection, context);
    const over = given.flag('leave-at-eof') ? talking : talking.then(() => new Promise(() => {}));
    try {
      await Promise.race([over, left, connection.untilInterrupted()]);
    } catch (error) {
      if (!context.interruption.signal.aborted) throw error;
    }
    await connection.parting(() => group.leave());
    return 'done';
  } finally {
    await connection.close();
  }
}

function listen(group: Group, output: Output): void {
  const printer = new DeliveryPrinter(output);
  const print = (delivery: Delivery) => {
    printer.know(group.members());
    printer.print(delivery);
  };
  group.on('delivery', print);
  group.on('rejoined', (rejoined) => tellRejoined(group, rejoined, output));
  group.on('withdrawn', ({ localId, why }) => {
    output.note(`message ${localId} was withdrawn: ${why}`);
  });
}

/** Broadcasts what is typed or piped in; resolves when it has ended and all of it is acknowledged. */
async function talk(group: Group, connection: Connection, context: Context): Promise<void> {
  const { input, output, screen, interruption } = context;
  const acknowledgements = new Acknowledgements(group.name, connection, output, { quiet: true });
  const encoder = new TextEncoder();
  const say = async (line: string) => {
    const data = encoder.encode(line);
    await acknowledgements.room();
    acknowledgements.add(data, group.broadcast(data));
  };
  const isInteractive = input.isTTY && screen.isTTY && !output.json;
  const lines = isInteractive
    ? new Prompt(group.name, connection.client, { input, screen, output, interruption }).lines()
    : inputLines(input);
  for await (const line of lines) await say(line);
  await acknowledgements.printed;
}

function tellJoined(group: Group, { client }: Connection, output: Output): void {
  const members = group.members();
  const me = members.find(({ clientId }) => clientId === client.clientId);
  const place = { group: group.name, globalId: group.position, senderId: client.clientId };
  const names = members.map(({ name, status }) =>
    printable(status === 'member' ? name : `${name} (disconnected)`),
  );
  const line = `joined ${printable(group.name)} as ${printable(me?.name ?? '')}; members: ${names.join(', ')}`;
  output.result({ type: 'joined', ...place, name: me?.name }, output.paint('dim', line));
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
