import { ChoirError, type Group, type Lock } from '@choir/client';
import type { Command } from '../../arguments/command.ts';
import type { Given } from '../../arguments/given.ts';
import { connecting, naming } from '../../arguments/option.ts';
import { groupName, objectId, usage } from '../../arguments/values.ts';
import { Connection } from '../../connection/connection.ts';
import { displayNameOf } from '../../connection/display-name.ts';
import type { Context } from '../../context.ts';
import { type ExitCode, exitNumber } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import type { Output } from '../../output/output.ts';
import { printable } from '../../output/printable.ts';
import { breaking, breakLocks } from './break-locks.ts';
import { holdWhile } from './hold-while.ts';

export const lockCommand: Command = {
  name: 'lock',
  summary: 'Runs a command while holding a lock, or breaks one.',
  synopsis: '[break] GROUP ID… [OPTION…] [-- COMMAND [ARGUMENT…]]',
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
    ...breaking,
    ...connecting,
    ...naming,
  },
  examples: [
    ['choir lock team deploy -- ./deploy.sh', 'one at a time, on whatever machine'],
    ['choir lock team db/a db/b --no-wait -- ./migrate.sh', 'both objects or none'],
    ['choir lock break team deploy --id root --reason "stuck"', 'for a client that may'],
    ['choir lock team deploy -- sh -c \'curl -H "Fence: $CHOIR_FENCE" …\'', 'with the fence'],
  ],
  notes: [
    'All the objects are locked together or not at all. The command finds the fencing token, a ' +
      'number that is higher for every later lock, in CHOIR_FENCE; pass it to what you write to, so ' +
      'that it can refuse writers whose lock is over.',
    'Without a command, `choir lock break` takes the lock sets with any of these objects from whoever ' +
      'holds them; the holder is told by whom and why. The server judges who may (choir serve ' +
      '--admin, or a token with the verb "break").',
    'The exit code is that of the command. When the lock is lost, or could not be confirmed with ' +
      'the server for the grace period, the command is sent SIGTERM and, five seconds later, ' +
      'SIGKILL; then the exit code is 122.',
  ],
  words: { names: ['GROUP', 'ID'], max: Number.POSITIVE_INFINITY, restIsApart: true },
  run: runLock,
};

async function runLock(given: Given, context: Context): Promise<ExitCode | number> {
  const { rest, words } = given;
  if (rest === undefined && words[0] === 'break') return breakLocks(words.slice(1), given, context);
  const group = groupName(given.word(0, 'GROUP'));
  const objects = given.words.slice(1).map(objectId);
  const command = rest ?? [];
  if (command.length === 0) {
    throw usage('The command is missing.', 'Usage: choir lock GROUP ID… [OPTION…] -- COMMAND');
  }
  if (given.flag('reason')) throw usage('--reason is for choir lock break.');
  const wanted: Wanted = {
    objects,
    wait: !given.flag('no-wait'),
    graceMs: given.durationMs('grace'),
    timeoutMs: given.durationMs('timeout'),
  };
  if (given.flag('wait') && !wanted.wait) throw usage('--wait or --no-wait: one of them.');
  const connection = await Connection.open(given, context, { longRunning: true });
  try {
    const joining = connection.client.join(group, { name: displayNameOf(given) });
    const joined = await connection.lasting(joining);
    try {
      const lock = await acquire(joined, wanted, { connection, output: context.output });
      return await holdWhile(lock, command, { group: joined, connection, context });
    } finally {
      // Leaving gives up every lock, also one whose request is still on its way.
      await connection.parting(() => joined.leave());
    }
  } finally {
    await connection.close();
  }
}

type Wanted = {
  readonly objects: readonly string[];
  readonly wait: boolean;
  readonly graceMs: number | undefined;
  readonly timeoutMs: number | undefined;
};

async function acquire(
  group: Group,
  { objects, wait, graceMs, timeoutMs }: Wanted,
  { connection, output }: { readonly connection: Connection; readonly output: Output },
): Promise<Lock> {
  const asked = group.lock(objects, {
    wait,
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    onWaiting: (holders) => {
      const who = holders.map(({ object, clientId }) => `${object}: ${clientId}`).join(', ');
      output.note(`waiting for the lock (${printable(who)})`);
      output.result({ type: 'lock', group: group.name, status: 'waiting', objects }, '');
    },
  });
  return connection.lasting(asked.catch(explain));
}

/** What a request that was not granted means for the exit code. */
function explain(error: unknown): never {
  if (!(error instanceof ChoirError)) throw error;
  if (error.code === 'TIMEOUT') {
    throw new Failure('lock_timeout', 'The lock was not granted in time; the command was not run.');
  }
  if (error.code !== 'LOCK_DENIED') throw error;
  const holders = error.holders.map(({ object, clientId, waiting }) =>
    printable(`${object} is ${waiting ? 'waited for' : 'held'} by ${clientId}.`),
  );
  throw new Failure(
    'lock_denied',
    'The lock is not free; the command was not run.',
    ...holders,
    `Without --no-wait choir waits for it. Exit code ${exitNumber('lock_denied')}.`,
  );
}
