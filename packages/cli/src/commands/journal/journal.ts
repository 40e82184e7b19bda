import type { Command } from '../../arguments/command.ts';
import type { Given } from '../../arguments/given.ts';
import { json } from '../../arguments/option.ts';
import { usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { dataDirectory, dataOption } from '../data-directory.ts';
import { check } from './check.ts';
import { exportLog } from './export.ts';

export const journalCommand: Command = {
  name: 'journal',
  summary: 'Checks or prints the data of a server that is not running.',
  synopsis: 'check|export [OPTION…]',
  options: { ...dataOption, ...json },
  examples: [
    ['choir journal check', 'is all that was acknowledged still there?'],
    ['choir journal export --data ./groups > log.jsonl', 'all groups, one JSON object per line'],
    [
      'choir journal export --data ./groups | jq -r \'select(.kind == "bcast").data\'',
      'the messages only',
    ],
  ],
  notes: [
    'For a server that refuses to start because its journal is damaged: check says what is there and ' +
      'where the damage begins, export prints everything that precedes it, as `choir log --json` ' +
      'does, in the order of the global ids. A position in a message about damage is a global id.',
    'Neither changes anything in the data directory, and neither works while a server uses it: stop ' +
      'the server first (exit code 21), or ask it with `choir log`.',
    'When something that was acknowledged is missing from what could be printed, export ends with ' +
      'exit code 22 behind it. check ends with 22 for any damage.',
  ],
  words: { names: ['check or export'], max: 1 },
  run: runJournal,
};

async function runJournal(given: Given, context: Context): Promise<ExitCode> {
  const data = dataDirectory(given, context.environment);
  const action = given.word(0, 'check or export');
  switch (action) {
    case 'check':
      return check(data, context.output);
    case 'export':
      return exportLog(data, context);
    default:
      throw usage(
        `choir journal does not ${JSON.stringify(action)}.`,
        `Usage: choir journal ${journalCommand.synopsis}`,
      );
  }
}
