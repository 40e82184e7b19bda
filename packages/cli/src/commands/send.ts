import type { Command } from '../arguments/command.ts';
import { connecting, patience } from '../arguments/option.ts';

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
  words: { names: ['GROUP'], max: Number.POSITIVE_INFINITY },
  run: async () => 'done',
};
