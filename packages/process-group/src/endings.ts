/** Why a group is over for a process, or does not go on for its callers. */
import { GroupError } from './group-error.ts';

export function overError(name: string): GroupError {
  return new GroupError('group-over', `Group "${name}" is over for this process.`);
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

export function replicaError(name: string, cause: unknown): GroupError {
  return new GroupError(
    'group-replica',
    `A replica of group "${name}" threw an error, and may differ from the others': ${cause}`,
    { cause },
  );
}
