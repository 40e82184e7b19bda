/**
 * Identifiers and positions. Each is parsed once, where it enters the process; inner code trusts
 * the brand. The rules are clauses N1–N4 of `docs/protocol/client-server.md`.
 */

import { utf8Length } from '@choir/bytes';

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Unique name of a group: 1–200 bytes of UTF-8, segments between single slashes (N1). */
export type GroupName = Branded<string, 'GroupName'>;
/** Identifier of a shared object, chosen by clients (paper: shared_obj_id). Rules as N1 (N2). */
export type ObjectId = Branded<string, 'ObjectId'>;
/** Identifier of a client, for ever (paper: client_id, sender_id): 1–64 bytes, no slash (N3). */
export type ClientId = Branded<string, 'ClientId'>;
/** A client's own number of a message (paper: local_id): 1, 2, 3 … over all its groups. */
export type LocalId = Branded<number, 'LocalId'>;
/** `seq` of the entry that attached the client: the session's identity. */
export type SessionId = Branded<number, 'SessionId'>;
/** `seq` of the entry that granted the lock set (paper: lock_set_id); it is the fencing token. */
export type LockSetId = Branded<number, 'LockSetId'>;
/** Number of a group: 1, 2, 3 … in order of creation. Tells it from a later one of the same name. */
export type GroupId = Branded<number, 'GroupId'>;

/**
 * Place in the order. `seq` strictly increases over the whole system and is never reused, also
 * across epochs; it is the paper's global_id. Every unclean opening of the log starts an epoch.
 */
export type Position = { readonly epoch: number; readonly seq: number };

export const ORIGIN: Position = { epoch: 0, seq: 0 };

export const nameBytesMax = 200;
export const clientIdBytesMax = 64;
/**
 * Control and format characters (they hide, or turn the direction of what follows), line and paragraph
 * separators, lone surrogates. The two joiners stay: scripts and emoji need them.
 */
const unprintable = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Most names: no rule below applies to them, and one look is enough. */
const plain = /^[\w-][\w.:@-]*(?:\/[\w-][\w.:@-]*)*$/;

/** What is wrong with a name, in words for its author; null when nothing is. */
export function nameProblem(text: string, bytesMax: number = nameBytesMax): string | null {
  if (text.length <= bytesMax && plain.test(text)) return null;
  if (text.length === 0) return 'is empty';
  if (text.length > bytesMax || utf8Length(text) > bytesMax)
    return `is longer than ${bytesMax} bytes`;
  if (unprintable.test(text)) return 'contains a control or invisible character';
  if (text.includes('\\')) return 'contains a backslash';
  if (text !== text.trim()) return 'begins or ends with white space';
  for (const segment of text.split('/')) {
    if (segment === '') return 'has an empty segment (a leading, trailing or double slash)';
    if (segment === '.' || segment === '..') return `has the segment "${segment}"`;
  }
  return null;
}

export function clientIdProblem(text: string): string | null {
  const problem = nameProblem(text, clientIdBytesMax);
  if (problem !== null) return problem;
  if (text.includes('/')) return 'contains a slash';
  if (/\s/u.test(text)) return 'contains white space';
  return null;
}

/** A display name: as N1 but of 1–64 bytes, and slashes mean nothing (N4). */
export function displayNameProblem(text: string): string | null {
  return nameProblem(text.replaceAll('/', '_'), clientIdBytesMax);
}

export function parseGroupName(text: string): GroupName | null {
  return nameProblem(text) === null ? (text as GroupName) : null;
}

export function parseObjectId(text: string): ObjectId | null {
  return nameProblem(text) === null ? (text as ObjectId) : null;
}

export function parseClientId(text: string): ClientId | null {
  return clientIdProblem(text) === null ? (text as ClientId) : null;
}

export function localId(value: number): LocalId {
  return value as LocalId;
}

export function sessionId(seq: number): SessionId {
  return seq as SessionId;
}

export function lockSetId(seq: number): LockSetId {
  return seq as LockSetId;
}

export function groupId(value: number): GroupId {
  return value as GroupId;
}

/**
 * Groups whose names agree up to the first slash are related: they share a shard, so that they can
 * be joined and updated in one atomic step.
 */
export function relation(name: GroupName): string {
  const slash = name.indexOf('/');
  return slash === -1 ? name : name.slice(0, slash);
}
