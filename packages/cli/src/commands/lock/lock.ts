import type { Command } from '../../arguments/command.ts';
import { connecting, naming } from '../../arguments/option.ts';

export const lockCommand: Command = {
  name: 'lock',
  summary: 'Runs a command while holding a lock.',
  synopsis: 'GROUP ID… [OPTION…] -- COMMAND [ARGUMENT…]',
  options: {
    wait: { help: 'Waits until the lock is free (this is the default).' },
    'no-wait': { help: 'Ends at once, with exit code 120, when somebody else has it.' },
    timeout: {
      value: 'DURATION',
      help: 'Waits for the lock no longer than this; then exit code 121 (default: for ever).',
    },
    grace: {
      value: 'DURATION',
      help: 'How long the lock outlives a lost connection (default: as the server has it).',
    },
    ...connecting,
    ...naming,
  },
  examples: [
    ['choir lock team deploy -- ./deploy.sh', 'one at a time, on whatever machine'],
    ['choir lock team db/a db/b --no-wait -- ./migrate.sh', 'both objects or none'],
    ['choir lock team deploy -- sh -c \'curl -H "Fence: $CHOIR_FENCE" …\'', 'with the fence'],
  ],
  notes: [
    'All the objects are locked together or not at all. The command finds the fencing token, a ' +
      'number that is higher for every later lock, in CHOIR_FENCE; pass it to what you write to, so ' +
      'that it can refuse writers whose lock is over.',
    'The exit code is that of the command. When the lock is lost, or could not be confirmed with ' +
      'the server for the grace period, the command is sent SIGTERM and, five seconds later, ' +
      'SIGKILL; then the exit code is 122.',
  ],
  words: { names: ['GROUP', 'ID'], max: Number.POSITIVE_INFINITY },
  run: async () => 'done',
};
