/** `choir group`: process groups, from a terminal. */
import type { Command } from '../../arguments/command.ts';
import type { Given } from '../../arguments/given.ts';
import { json } from '../../arguments/option.ts';
import { usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { joinProcessGroup } from './join.ts';

export const groupCommand: Command = {
  name: 'group',
  summary: 'Joins a process group: members without a server.',
  synopsis: 'join NAME [OPTION…]',
  options: {
    id: {
      value: 'LABEL',
      help: 'What this member is called; who comes back with it has returned (default: drawn at random).',
    },
    timeout: {
      value: 'DURATION',
      help: 'Gives up when nobody lets this process in for this long (default 30s).',
    },
    listen: {
      value: 'ADDRESS[:PORT]',
      help: 'Where other machines reach this process; then --seed or --init is needed, and --key.',
    },
    seed: {
      value: 'ADDRESS:PORT',
      repeatable: true,
      help: 'With --listen: a process that may be in the group.',
    },
    init: { ofOneRun: true, help: 'With --listen: makes the group. One process does that, once.' },
    key: { value: 'FILE', help: 'With --listen: the cluster keys that all members have.' },
    'leave-at-eof': { help: 'Leaves when standard input ends.' },
    ...json,
  },
  examples: [
    ['choir group join lobby', 'in two terminals: what you type in one is shown in both'],
    ['choir group join lobby --id ann --json', 'views and messages, a JSON object a line'],
    [
      'choir group join lobby --listen 192.0.2.7:7500 --key cluster.key --init',
      'the first of several machines; the others give --seed 192.0.2.7:7500',
    ],
  ],
  notes: [
    'Without --listen, processes of one user on one machine find each other through a private directory (CHOIR_RUNTIME, or ' +
      'choir in XDG_RUNTIME_DIR); the first one makes the group. Each line of standard input is multicast to all members, ' +
      'in the one order that all see.',
    'A member that crashes is gone from the next view. Who is cut off from the majority is told so, and waits: a group never ' +
      'goes on in two parts. Of two members the older one goes on alone.',
    'Ctrl-C, SIGTERM and, on a terminal, Ctrl-D leave the group; a second Ctrl-C ends at once.',
  ],
  words: { names: ['The action', 'NAME'], max: 2 },
  run: runGroup,
};

async function runGroup(given: Given, context: Context): Promise<ExitCode> {
  const action = given.word(0, 'The action');
  if (action === 'join') return await joinProcessGroup(given, context);
  throw usage(
    `choir group does not ${JSON.stringify(action)}.`,
    `Usage: choir group ${groupCommand.synopsis}`,
  );
}
