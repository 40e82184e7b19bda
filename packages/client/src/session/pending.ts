/** A submission that is not settled yet. */
import type { GroupName, LocalId, ObjectId, Part, SubmissionBody } from '@choir/protocol';
import type { OutboxRecord } from './effects.ts';

export type Pending = {
  readonly localId: LocalId;
  /** The chain that it belongs to. */
  readonly group: GroupName;
  body: SubmissionBody;
  /** Groups in which its writes have no `base` yet: written before there was a copy. */
  unbased: readonly GroupName[];
  readonly memberName: string | null;
  readonly bytes: number;
  /** The `previous` that it was sent with on this connection; null when it was not sent on it. */
  sentPrevious: number | null;
  /** Copies sent on this connection of which it is not known that nothing came of them. */
  copies: number;
  /** It may have reached a server by an earlier connection. */
  sentBefore: boolean;
  /** Settled before and asked again: what became of a lock request that waited. */
  readonly again: boolean;
};

/** Groups that the submission concerns: that of its chain, and those of its parts. */
export function concerns({ group, body }: Pending, name: GroupName): boolean {
  if (group === name) return true;
  return body.kind === 'message' && body.parts.some((part) => part.group === name);
}

/** The writes of the submission in one group: which objects, as of which position. */
export function writesIn(
  { body }: Pending,
  group: GroupName,
): readonly { readonly object: ObjectId; readonly base: number }[] {
  if (body.kind !== 'message') return [];
  return body.parts.flatMap((part) =>
    part.kind === 'obj_state' && part.group === group ? [part] : [],
  );
}

/** Every event that this causes is replaced by its acknowledgement at the sender. */
export function isExclusive({ body }: Pending): boolean {
  return body.kind === 'message' && body.parts.every((p) => p.kind === 'bcast' && p.exclusive);
}

/** Gives the writes in `group` the position of the copy that is there now. */
export function setBase(pending: Pending, group: GroupName, base: number): void {
  const { body } = pending;
  if (body.kind !== 'message') return;
  const parts = body.parts.map(
    (part): Part => (part.kind !== 'bcast' && part.group === group ? { ...part, base } : part),
  );
  pending.body = { kind: 'message', parts };
  pending.unbased = pending.unbased.filter((name) => name !== group);
}

export function recordOf(pending: Pending): OutboxRecord {
  const { localId, group, body, unbased, memberName } = pending;
  return { localId, group, body, unbased, memberName };
}

const overhead = 64;

/** About how many bytes the submission takes, in memory and on the wire: never less. */
export function sizeOf(body: SubmissionBody): number {
  switch (body.kind) {
    case 'message':
      return body.parts.reduce((sum, part) => sum + sizeOfPart(part), overhead);
    case 'lock_request':
    case 'lock_release':
      return body.objects.reduce((sum, object) => sum + textSize(object), overhead);
    case 'properties':
    case 'create':
      return body.properties.reduce(
        (sum, { name, value }) => sum + textSize(name) + textSize(value),
        overhead,
      );
    default:
      return overhead;
  }
}

function sizeOfPart(part: Part): number {
  const head = overhead + textSize(part.group);
  if (part.kind === 'bcast') return head + part.data.byteLength;
  if (part.kind === 'obj_state') return head + textSize(part.object) + part.data.byteLength;
  return part.objects.reduce(
    (sum, { object, data }) => sum + textSize(object) + data.byteLength,
    head,
  );
}

/** UTF-8 takes three bytes at most for each unit of a string; a few more for the length. */
function textSize(text: string): number {
  return 3 * text.length + 8;
}
