/** Names as callers give them, parsed once; a bad one is BAD_NAME at once. */
import {
  type ClientId,
  clientIdProblem,
  displayNameProblem,
  type GroupName,
  nameProblem,
  type ObjectId,
  parseClientId,
  parseGroupName,
  parseObjectId,
} from '@choir/protocol';
import { ChoirError } from './choir-error.ts';

export function groupNamed(name: string): GroupName {
  return parseGroupName(name) ?? bad('group name', name, nameProblem(name));
}

export function objectNamed(id: string): ObjectId {
  return parseObjectId(id) ?? bad('object id', id, nameProblem(id));
}

export function clientNamed(id: string): ClientId {
  return parseClientId(id) ?? bad('client id', id, clientIdProblem(id));
}

/** A display name; it identifies nobody. */
export function displayNamed(name: string): string {
  const problem = displayNameProblem(name);
  return problem === null ? name : bad('display name', name, problem);
}

function bad(what: string, name: string, problem: string | null): never {
  throw new ChoirError('BAD_NAME', `The ${what} ${JSON.stringify(name)} ${problem ?? 'is bad'}.`);
}
