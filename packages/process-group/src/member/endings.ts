/** Why a group is over for a process, or does not go on for its callers. */
import { GroupError } from '../group-error.ts';
import { thrownText } from '../thrown.ts';

/** What calls are told when the group is over. @param reason null when this process has left it, or is leaving */
export function overError(name: string, reason: GroupError | null): GroupError {
  if (reason === null) {
    return new GroupError('group-over', `Group "${name}" is over: this process has left it.`);
  }
  const isSaid = reason.code === 'group-over';
  const text = isSaid ? reason.message : `Group "${name}" is over: ${reason.message}`;
  return new GroupError('group-over', text, { cause: reason });
}

/** The toolkit itself threw an error while it heard the group. */
export function brokenError(name: string, cause: unknown): GroupError {
  const text = `Group "${name}" is over, by a fault of the toolkit: ${thrownText(cause)}`;
  return new GroupError('group-over', text, { cause });
}

/** Null when it was closed without an error. */
export function closedError(name: string, cause: Error | null): GroupError | null {
  if (cause === null) return null;
  return new GroupError('group-over', `Group "${name}" is over: ${cause.message}`, { cause });
}

export function excludedError(name: string): GroupError {
  return new GroupError(
    'group-excluded',
    `The others removed this process from group "${name}": whether what was asked took effect is not known.`,
  );
}

export function unreadError(name: string): GroupError {
  return new GroupError(
    'group-unread',
    `The events of group "${name}" are not read: read them while you wait for the group. What was said before may take effect all the same.`,
  );
}

/** @param place the group and the channel of the replica */
export function replicaError(
  { group, channel }: { readonly group: string; readonly channel: string },
  cause: unknown,
): GroupError {
  return new GroupError(
    'group-replica',
    `The replica on channel "${channel}" of group "${group}" threw an error, so its state may not be that of the others any more, and this process left the group: ` +
      `mend the replica, and join again. It threw: ${thrownText(cause)}`,
    { cause },
  );
}
