/** `choir lock break` and `choir admin break`: takes locks from whoever holds them, as a client that may. */
import { limits } from '@choir/protocol';
import type { Given } from '../../arguments/given.ts';
import type { OptionTable } from '../../arguments/option.ts';
import { groupName, objectId, usage } from '../../arguments/values.ts';
import { Connection } from '../../connection/connection.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import { printable } from '../../output/printable.ts';
import { noGroup } from '../log.ts';

export const breaking: OptionTable = {
  reason: { value: 'TEXT', help: 'break: what the holder is told.' },
};

/** `words`: the group, and the objects whose locks are broken. A lock set is broken as a whole. */
export async function breakLocks(
  words: readonly string[],
  given: Given,
  context: Context,
): Promise<ExitCode> {
  const [first, ...ids] = words;
  if (first === undefined || ids.length === 0) {
    throw usage('The group or the object is missing.', 'Usage: choir lock break GROUP ID…');
  }
  const group = groupName(first);
  const objects = ids.map(objectId);
  const reason = reasonOf(given);
  const connection = await Connection.open(given, context, { longRunning: false });
  try {
    const state = await connection.answer(connection.client.readState(group, objects));
    if (!state.exists) throw noGroup(group);
    const held = state.locks.filter((set) => set.objects.some((id) => objects.includes(id)));
    if (held.length === 0) {
      throw new Failure('nothing_there', `Nobody holds a lock on ${objects.join(', ')}.`);
    }
    for (const { senderId, lockSet: fence, objects: locked } of held) {
      const broken = connection.client.breakLock(group, fence, reason);
      const { globalId, epoch } = await connection.answer(broken);
      const set = { group, status: 'broken', senderId, fence, objects: locked };
      const what = `${senderId} no longer holds ${locked.join(', ')} (fence ${fence})`;
      context.output.result({ type: 'lock', ...set, globalId, epoch }, printable(what));
    }
    return 'done';
  } finally {
    await connection.close();
  }
}

function reasonOf(given: Given): string {
  const reason = given.text('reason') ?? '';
  if (Buffer.byteLength(reason) <= limits.reasonBytes) return reason;
  throw usage(`--reason is longer than ${limits.reasonBytes} bytes.`);
}
