import type { Command } from '../arguments/command.ts';
import { connecting, patience } from '../arguments/option.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'Shows whether a server is there and takes messages.',
  synopsis: '[OPTION…]',
  options: { ...connecting, ...patience },
  examples: [
    ['choir status', 'of the server on this machine'],
    [
      'choir status --server ws://10.0.0.5:7400 --timeout 2s',
      'of another one; exit code 3: not there',
    ],
  ],
  notes: [],
  words: { names: [], max: 0 },
  run: async () => 'done',
};
