/** `choir admin`: the tools for the data of a server. Each action is a file beside this one. */
import type { Command } from '../../arguments/command.ts';
import type { Given } from '../../arguments/given.ts';
import { nearest } from '../../arguments/nearest.ts';
import { connecting, patience } from '../../arguments/option.ts';
import { usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { dataDirectory, dataOption } from '../data-directory.ts';
import { breaking, breakLocks } from '../lock/break-locks.ts';
import { backUp } from './backup.ts';
import { check } from './check.ts';
import { deleteGroups } from './delete.ts';
import { exportLog } from './export.ts';
import { listGroups } from './groups.ts';
import { importLog } from './import.ts';

export const adminCommand: Command = {
  name: 'admin',
  summary: 'Groups, backups and the data of a server.',
  synopsis: 'groups|backup|check|export|import|delete|break [WORD…]',
  options: { ...dataOption, ...breaking, ...connecting, ...patience },
  examples: [
    ['choir admin groups', 'every group: members, objects, locks, entries, bytes'],
    ['choir admin backup /backup/choir-monday', 'a consistent copy, also while the server runs'],
    ['choir admin check --data /backup/choir-monday', 'is all of it there, and whole?'],
    ['choir admin export --data ./groups > log.jsonl', 'all messages, one JSON object per line'],
    ['choir admin import log.jsonl --id root', 'plays them back on a running server'],
    ['choir admin delete team/old --id root', 'for a client that may (choir serve --admin root)'],
    ['choir admin break team deploy --id root', 'takes a lock from its holder (choir help lock)'],
  ],
  notes: [
    'groups, backup, check and export work on a data directory (--data). A running server answers ' +
      'groups and makes the backup through a socket in that directory, so whoever may read the ' +
      'directory may ask. check and export want a server that is stopped (exit code 21), or a backup.',
    'A backup is a data directory of its own. To restore it, stop the server and put the copy in the ' +
      'place of the data directory. What came after it is lost then; clients that have seen it are ' +
      'told of the gap, because a server on a copy begins a new epoch.',
    'check says what is there and where damage begins; export prints everything that precedes it, as ' +
      '`choir log --json` does, in the order of the global ids. When something that was acknowledged ' +
      'is missing, export ends with exit code 22 behind what it printed. check ends with 22 for any ' +
      'damage. Neither changes anything.',
    'delete, break and import are clients (--server, --id), and the server judges what they may do. import ' +
      'plays messages, objects and properties back in their order, into groups that must not exist. ' +
      'Senders, times and global ids are those of the import; members and locks do not come back. ' +
      'To keep everything as it was, restore a backup.',
  ],
  words: { names: ['The action'], max: 10_000 },
  run: runAdmin,
};

type Action = {
  /** What its words are called; the last may be repeated if it ends with an ellipsis. */
  readonly words: readonly string[];
  readonly run: (words: readonly string[], given: Given, context: Context) => Promise<ExitCode>;
};

const data = (given: Given, { environment }: Context) => dataDirectory(given, environment);

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['groups', { words: [], run: (_, given, context) => listGroups(data(given, context), context) }],
  [
    'backup',
    {
      words: ['DIR'],
      run: ([to = ''], given, context) => backUp(data(given, context), to, context),
    },
  ],
  [
    'check',
    { words: [], run: async (_, given, context) => check(data(given, context), context.output) },
  ],
  ['export', { words: [], run: (_, given, context) => exportLog(data(given, context), context) }],
  ['import', { words: ['FILE'], run: ([file = ''], ...rest) => importLog(file, ...rest) }],
  ['delete', { words: ['GROUP…'], run: deleteGroups }],
  ['break', { words: ['GROUP', 'ID…'], run: breakLocks }],
]);

function runAdmin(given: Given, context: Context): Promise<ExitCode> {
  const [name = '', ...words] = given.words;
  const action = actions.get(name);
  if (action === undefined) {
    const near = nearest(name, actions.keys());
    const hint = near === undefined ? `Usage: choir admin ${adminCommand.synopsis}` : null;
    throw usage(
      `choir admin does not ${JSON.stringify(name)}.`,
      hint ?? `Did you mean: choir admin ${near}`,
    );
  }
  const [wanted] = action.words;
  if (wanted !== undefined && words.length === 0) {
    throw usage(`${wanted.replace('…', '')} is missing.`, `Usage: choir admin ${name} ${wanted}`);
  }
  const extra = wanted?.endsWith('…') ? undefined : words[action.words.length];
  if (extra !== undefined) throw usage(`${JSON.stringify(extra)} is one word too many.`);
  return action.run(words, given, context);
}
