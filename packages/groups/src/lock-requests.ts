/** Deciding lock_request, lock_release, lock_cancel and lock_break (paper §5). */
import { type LockSetId, limits, type SubmissionBody } from '@choir/protocol';
import { defaultGraceMs, type Group } from './group.ts';
import { endWaits, grant, grantNext, releaseObjects, releaseSets } from './locking.ts';
import type { LockRequest, LockSet } from './locks.ts';
import type { Sender } from './message.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';
import { ok, refuse, type Verdict } from './verdict.ts';

/** Lock requests that may wait in one group, and of those one client's. */
const waitingMax = 1_000;
const waitingPerClientMax = 64;
/**
 * Objects that may be locked or waited for in one group, and lock sets of one client: a newcomer is sent all of
 * them in one message, and a client that leaves gives up all of its own in one delivery.
 */
const claimedMax = 10_000;
const setsPerClientMax = 1_000;

type Body<Kind extends SubmissionBody['kind']> = Extract<SubmissionBody, { kind: Kind }>;

export function decideLockRequest(
  step: Step,
  group: Group,
  { client, localId }: Sender,
  body: Body<'lock_request'>,
): Verdict {
  const objects = [...new Set(body.objects)];
  if (objects.length === 0) return refuse('MALFORMED', 'A lock set needs at least one object.');
  const graceMs = body.graceMs === 0 ? defaultGraceMs : Math.min(body.graceMs, limits.graceMsMax);
  const request: LockRequest = { client: client.id, localId, graceMs, objects };
  const holders = group.locks.obstacles(objects);
  if (
    group.locks.claimedCount + objects.length > claimedMax ||
    group.locks.heldBy(client.id).length >= setsPerClientMax
  ) {
    return refuse('LIMIT', `Too many objects of "${group.name}" are locked or waited for.`);
  }
  if (holders.length === 0) {
    grant(step, group, request);
    return ok;
  }
  const [first] = holders;
  const named = first === undefined ? 'An object' : `"${first.object}"`;
  const denied = `${named} is ${first?.waiting ? 'waited for' : 'locked'} by ${first?.clientId}.`;
  if (!body.wait) return refuse('LOCK_DENIED', denied, holders);
  const waiting = group.locks.waitingOf(client.id).length;
  if (group.locks.queue.size >= waitingMax || waiting >= waitingPerClientMax) {
    return refuse('LIMIT', 'Too many lock requests wait.');
  }
  group.locks.enqueue(request);
  return { kind: 'waiting', holders };
}

export function decideLockRelease(
  step: Step,
  state: State,
  group: Group | null,
  { client, localId }: Sender,
  body: Body<'lock_release'>,
): Verdict {
  const set = group?.locks.get(body.lockSet) ?? null;
  if (group === null || set === null || set.holder !== client.id) return noLock(body.lockSet);
  const objects = body.objects.length === 0 ? set.objects : ownObjects(set, body);
  if (objects.length === 0) return noLock(body.lockSet);
  const cause = { cause: 'released', by: client.id, localId } as const;
  releaseObjects(step, state, group, { set, objects }, cause);
  return ok;
}

export function decideLockCancel(
  step: Step,
  state: State,
  group: Group | null,
  { client }: Sender,
  body: Body<'lock_cancel'>,
): Verdict {
  const waiting = group?.locks.waitingOf(client.id) ?? [];
  const request = waiting.find(({ localId }) => localId === body.request);
  if (group === null || request === undefined) {
    return refuse('WAIT_ENDED', 'No lock request with that local id waits.');
  }
  endWaits(step, state, group, [request]);
  grantNext(step, state, group);
  return ok;
}

/** An authorised client takes a lock set from its holder, which is told by whom and why. */
export function decideLockBreak(
  step: Step,
  state: State,
  group: Group | null,
  { client, localId, privileged }: Sender,
  body: Body<'lock_break'>,
): Verdict {
  if (!privileged) return refuse('FORBIDDEN', 'Only authorised clients can break a lock.');
  const set = group?.locks.get(body.lockSet) ?? null;
  if (group === null || set === null) return noLock(body.lockSet);
  const { reason } = body;
  releaseSets(step, state, group, [set], { cause: 'broken', by: client.id, localId, reason });
  return ok;
}

function ownObjects(set: LockSet, body: Body<'lock_release'>): LockSet['objects'] {
  return set.objects.filter((object) => body.objects.includes(object));
}

function noLock(lockSet: LockSetId): Verdict {
  return refuse('NO_LOCK', `Lock set ${lockSet} is not held.`);
}
