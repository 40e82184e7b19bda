/** `choir admin delete`: through a client that may. */
import type { Given } from '../../arguments/given.ts';
import { groupName } from '../../arguments/values.ts';
import { Connection } from '../../connection/connection.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';

export async function deleteGroups(
  words: readonly string[],
  given: Given,
  context: Context,
): Promise<ExitCode> {
  const groups = words.map(groupName);
  const connection = await Connection.open(given, context, { longRunning: false });
  try {
    for (const group of groups) {
      const { globalId, epoch } = await connection.answer(connection.client.delete(group));
      const record = { type: 'group', group, globalId, epoch, status: 'deleted' };
      context.output.result(record, `#${globalId} ${group} is deleted`);
    }
    return 'done';
  } finally {
    await connection.close();
  }
}
