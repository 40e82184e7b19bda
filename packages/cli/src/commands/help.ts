import type { Command } from '../arguments/command.ts';

/** What it prints is found by `main.ts`, which knows all commands. */
export const helpCommand: Command = {
  name: 'help',
  summary: 'Shows the help of a command, or a page of help.',
  synopsis: '[COMMAND|PAGE]',
  options: {},
  examples: [
    ['choir help lock', 'how to use a command'],
    ['choir help exit-codes', 'what each exit code means'],
  ],
  notes: [],
  words: { names: [], max: 1 },
  run: async () => 'done',
};
