import type { Command } from '../arguments/command.ts';
import { json } from '../arguments/option.ts';

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Runs a server.',
  synopsis: '[OPTION…]',
  options: {
    host: { value: 'HOST', help: 'The address to listen on (default 127.0.0.1).' },
    port: { short: 'p', value: 'PORT', help: 'The port (default 7400; 0 takes a free one).' },
    data: {
      short: 'd',
      value: 'DIR',
      help: 'Where the groups are kept (default: server/ in the state directory).',
    },
    admin: {
      value: 'ID',
      repeatable: true,
      help: 'A client that may break locks, replace the state of groups and delete them.',
    },
    ...json,
  },
  examples: [
    ['choir serve', 'on ws://127.0.0.1:7400, for this machine'],
    ['choir serve --port 7500 --data ./groups', 'another port, with its data beside you'],
    ['choir serve --port 0 --json', 'for scripts: prints {"type":"ready","url":…} when it serves'],
  ],
  notes: [
    'Everything that was acknowledged is on disk first; a server that is killed and started again ' +
      'on the same data goes on where it was. One process at a time uses a data directory.',
    'Ctrl-C and SIGTERM end it in order: clients are told to come back.',
  ],
  words: { names: [], max: 0 },
  run: async () => 'done',
};
