import type { Command } from '../arguments/command.ts';
import { connecting, naming, patience } from '../arguments/option.ts';

export const objectCommand: Command = {
  name: 'object',
  summary: 'Reads or changes a shared object.',
  synopsis: 'GROUP ID get|set|append [DATA] [OPTION…]',
  options: { ...connecting, ...naming, ...patience },
  examples: [
    ['choir object team notes get', 'prints its bytes as they are'],
    ['choir object team notes set "first line"', 'replaces it (a NEW update)'],
    ['date | choir object team notes append', 'appends standard input (an INC update)'],
  ],
  notes: [
    'Only members write, so set and append join the group for that long. An object that somebody ' +
      'else has locked is not written: exit code 4.',
    'Data is taken from the argument, else from standard input to its end, byte by byte.',
  ],
  words: { names: ['GROUP', 'ID', 'get|set|append'], max: 4 },
  run: async () => 'done',
};
