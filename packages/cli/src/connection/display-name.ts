import { userInfo } from 'node:os';
import { displayNameProblem } from '@choir/protocol';
import type { Given } from '../arguments/given.ts';

/** The name that other members see: as given, else the id, else that of the user. */
export function displayNameOf(given: Given): string {
  return given.displayName('name') ?? given.clientId('id') ?? userName() ?? 'anonymous';
}

function userName(): string | undefined {
  try {
    const { username } = userInfo();
    return displayNameProblem(username) === null ? username : undefined;
  } catch {
    // A user without an entry in the system's list has no name.
    return undefined;
  }
}
