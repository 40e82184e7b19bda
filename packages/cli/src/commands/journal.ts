import type { Command } from '../arguments/command.ts';
import type { Given } from '../arguments/given.ts';
import { json } from '../arguments/option.ts';
import { usage } from '../arguments/values.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { check } from './admin/check.ts';
import { exportLog } from './admin/export.ts';
import { dataDirectory, dataOption } from './data-directory.ts';

/** Where `choir admin check` and `choir admin export` used to live. */
export const journalCommand: Command = {
  name: 'journal',
  summary: 'The older name of choir admin check and choir admin export.',
  synopsis: 'check|export [OPTION…]',
  options: { ...dataOption, ...json },
  examples: [['choir journal check', 'as choir admin check']],
  notes: ['Scripts that use it go on working; see `choir help admin`.'],
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
