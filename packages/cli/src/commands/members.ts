import type { Command } from '../arguments/command.ts';
import { connecting, patience } from '../arguments/option.ts';

export const membersCommand: Command = {
  name: 'members',
  summary: 'Shows who is in a group, and who is really there.',
  synopsis: 'GROUP [--watch] [OPTION…]',
  options: {
    watch: { short: 'w', help: 'Goes on with every change.' },
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
  run: async () => 'done',
};
