import type { Command } from '../arguments/command.ts';
import { connecting, naming } from '../arguments/option.ts';

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
  run: async () => 'done',
};
