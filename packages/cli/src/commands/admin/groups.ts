/** `choir admin groups`: of the server that has the data, else from the log. */
import { askOperator, type GroupFigures, storedGroups } from '@choir/server';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { type Column, columnLines } from '../../output/columns.ts';
import type { Output } from '../../output/output.ts';
import { printable } from '../../output/printable.ts';
import { serveFailure } from '../server-failure.ts';
import { operatorRefusal } from './refusal.ts';
import { storedIn } from './stored.ts';

export async function listGroups(data: string, { output }: Context): Promise<ExitCode> {
  const reply = await askOperator(data, { kind: 'groups' });
  if (reply?.kind === 'groups') {
    print(reply.groups, output);
    return 'done';
  }
  if (reply?.kind === 'refused') throw operatorRefusal(reply);
  storedIn(data);
  const { groups, failure } = storedGroups(data);
  print(groups, output);
  if (failure !== null) throw serveFailure(failure, data);
  return 'done';
}

const columns: readonly Column<GroupFigures>[] = [
  ['group', ({ name }) => printable(name)],
  [
    'members',
    ({ members, disconnected }) => `${members}${disconnected > 0 ? ` (${disconnected} away)` : ''}`,
  ],
  ['objects', ({ objects }) => String(objects)],
  ['locks', ({ locks }) => String(locks)],
  ['entries', ({ entries }) => (entries === undefined ? '' : String(entries))],
  ['bytes', ({ bytes }) => (bytes === undefined ? '' : String(bytes))],
];

function print(groups: readonly GroupFigures[], output: Output): void {
  const shown = columns.filter(([title]) => title !== 'entries' && title !== 'bytes');
  const table = groups.some(({ entries }) => entries !== undefined) ? columns : shown;
  const [titles, ...lines] = columnLines(table, groups);
  if (!output.json) output.note(titles);
  for (const [at, group] of groups.entries()) {
    const { name, group: id, ...figures } = group;
    const record = { type: 'group_summary', group: name, createdAt: id, ...figures };
    output.result(record, lines[at] ?? '');
  }
}
