import type { Command } from '../arguments/command.ts';
import { connecting, patience } from '../arguments/option.ts';

export const logCommand: Command = {
  name: 'log',
  summary: 'Shows what happened in a group.',
  synopsis: 'GROUP [--from N] [--follow] [OPTION…]',
  options: {
    from: { value: 'N', help: 'Begins with global id N (default: the beginning).' },
    follow: { short: 'f', help: 'Goes on with what happens from now on.' },
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
  run: async () => 'done',
};
