/** From what the application asks for to the submission that the server decides. */
import { Writer } from '@choir/bytes';
import {
  type Codec,
  type GroupName,
  limits,
  type Part,
  relation,
  type SubmissionBody,
  submissionBody,
} from '@choir/protocol';
import type { ClientCode } from './client-codes.ts';
import type { OutgoingPart, SubmissionCommand } from './commands.ts';
import type { Following } from './following.ts';

export type Draft = {
  readonly group: GroupName;
  readonly body: SubmissionBody;
  readonly unbased: readonly GroupName[];
  readonly memberName: string | null;
};

/** A submission made of a command, as of what this client has received; or why there is none. */
export function draftOf(command: SubmissionCommand, following: Following): Draft | ClientCode {
  if (command.kind === 'send') return messageOf(command.parts, following);
  const { kind } = command;
  const any = kind === 'leave' || kind === 'break' || kind === 'create' || kind === 'delete';
  if (!any && !isMember(command.group, following)) return 'NOT_A_MEMBER';
  const body = bodyOf(command);
  if (typeof body === 'string') return body;
  if (!isWritable(submissionBody, body)) return 'MALFORMED';
  return { group: command.group, body, unbased: [], memberName: nameIn(command.group, following) };
}

/** What has no rendering (a time that is a fraction) would hold up whatever is sent behind it. */
export function isWritable<T>(codec: Codec<T>, value: T): boolean {
  try {
    codec.write(new Writer(), value);
    return true;
  } catch {
    return false;
  }
}

/** The chain of a message is that of its first part. */
function messageOf(parts: readonly OutgoingPart[], following: Following): Draft | ClientCode {
  const group = parts[0]?.group;
  if (group === undefined || parts.length > limits.parts) return 'MALFORMED';
  if (parts.some((part) => relation(part.group) !== relation(group))) return 'CROSS_SHARD';
  const outside = parts.some((part) => part.kind !== 'bcast' && !isMember(part.group, following));
  if (outside) return 'NOT_A_MEMBER';
  const based = parts.map((part) => partOf(part, following));
  const unbased = parts
    .filter((part) => part.kind !== 'bcast' && isUnbased(part.group, following))
    .map((part) => part.group);
  return {
    group,
    body: { kind: 'message', parts: based },
    unbased: [...new Set(unbased)],
    memberName: nameIn(group, following),
  };
}

function partOf(part: OutgoingPart, following: Following): Part {
  if (part.kind === 'bcast') return part;
  const group = following.get(part.group);
  const base = group?.base ?? 0;
  if (part.kind === 'group_state') return { ...part, base };
  return { ...part, base, fence: group?.locks.fenceOf(part.object) ?? 0 };
}

/** Is a member, wants to be one, or will be one again when its `leave` is settled. */
function isMember(name: GroupName, following: Following): boolean {
  const group = following.get(name);
  return group?.scope === 'member' && (group.leaving === null || group.joinAgain !== null);
}

/** A group that is wanted and has no copy yet: the write waits for one to be based on. */
function isUnbased(name: GroupName, following: Following): boolean {
  return isMember(name, following) && following.get(name)?.base === null;
}

function nameIn(name: GroupName, following: Following): string | null {
  const group = following.get(name);
  return group?.scope === 'member' ? group.displayName : null;
}

function bodyOf(
  command: Exclude<SubmissionCommand, { kind: 'send' }>,
): SubmissionBody | ClientCode {
  switch (command.kind) {
    case 'lock': {
      const { wait, graceMs } = command;
      const objects = [...new Set(command.objects)];
      if (objects.length === 0 || objects.length > limits.lockSetObjects) return 'MALFORMED';
      return { kind: 'lock_request', objects, wait, graceMs };
    }
    case 'release': {
      const { lockSet, objects } = command;
      if (objects.length > limits.lockSetObjects) return 'MALFORMED';
      return { kind: 'lock_release', lockSet, objects };
    }
    case 'cancel':
      return { kind: 'lock_cancel', request: command.request };
    case 'break':
      return { kind: 'lock_break', lockSet: command.lockSet, reason: command.reason };
    case 'leave':
      return { kind: 'leave' };
    case 'rename':
      return { kind: 'rename', name: command.name };
    case 'properties':
      if (command.properties.length > limits.properties) return 'MALFORMED';
      return { kind: 'properties', properties: command.properties };
    case 'create': {
      const { stateful, absenceMs, properties } = command;
      if (properties.length > limits.properties) return 'MALFORMED';
      return { kind: 'create', stateful, absenceMs, properties };
    }
    case 'delete':
      return { kind: 'delete' };
    default:
      return command satisfies never;
  }
}
