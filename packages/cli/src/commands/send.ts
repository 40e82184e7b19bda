import type { Command } from '../arguments/command.ts';
import type { Given } from '../arguments/given.ts';
import { connecting, patience } from '../arguments/option.ts';
import { groupName } from '../arguments/values.ts';
import { Connection } from '../connection/connection.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { inputLines } from './input-lines.ts';

export const sendCommand: Command = {
  name: 'send',
  summary: 'Sends messages to a group, and waits until each is on disk.',
  synopsis: 'GROUP [TEXT…] [OPTION…]',
  options: { ...connecting, ...patience },
  examples: [
    ['choir send lobby "the build is green"', 'each argument is one message'],
    ['grep ERROR app.log | choir send errors', 'each line is one message'],
    ['choir send lobby --json < lines.txt', 'prints one acknowledgement for each line, in order'],
    ['choir send lobby --id builder "done"', 'sent once even if this run is interrupted'],
  ],
  notes: [
    'The sender need not be a member. A group comes into being with its first message.',
    'An acknowledgement says that the message has its place in the order and is on disk. With --id, ' +
      'what was not acknowledged when the run was interrupted is kept and is sent, once, by the next ' +
      'command with that id.',
    'Words after -- are text, whatever they begin with.',
  ],
  words: { names: ['GROUP'], max: Number.POSITIVE_INFINITY, restIsApart: true },
  run: runSend,
};

async function runSend(given: Given, context: Context): Promise<ExitCode> {
  const group = groupName(given.word(0, 'GROUP'));
  const { input, output } = context;
  const words = [...given.words.slice(1), ...(given.rest ?? [])];
  if (words.length === 0 && input.isTTY) output.note('each line is one message; Ctrl-D ends');
  const connection = await Connection.open(given, context, { longRunning: false });
  try {
    const acknowledgements = new Acknowledgements(group, connection, output);
    const sending = sendAll(
      words.length > 0 ? words.map(utf8) : inputLines(input),
      async (data) => {
        await acknowledgements.room();
        acknowledgements.add(data, connection.client.broadcast(group, data));
      },
    );
    await connection.lasting(Promise.race([sending, acknowledgements.failed]));
    await acknowledgements.printed;
    await connection.drained();
    return acknowledgements.refused > 0 ? 'refused' : 'done';
  } finally {
    await connection.close();
  }
}

async function sendAll(
  messages: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  send: (data: Uint8Array) => Promise<void>,
): Promise<void> {
  for await (const data of messages) await send(data);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
