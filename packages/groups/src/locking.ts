/** Granting, ending and handing on lock sets, with the events and records that go with it (paper §5). */
import type { ClientId, LocalId, ObjectId } from '@choir/protocol';
import type { Timer } from './effect.ts';
import type { Group } from './group.ts';
import type { LockRequest, LockSet } from './locks.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';

export type ReleaseCause =
  | { readonly cause: 'released'; readonly by: ClientId; readonly localId: LocalId }
  | { readonly cause: 'left'; readonly by: ClientId }
  | { readonly cause: 'grace_expired' }
  | {
      readonly cause: 'broken';
      readonly by: ClientId;
      readonly localId: LocalId;
      readonly reason: string;
    };

/** Grants a request that nothing stands in the way of. The id of the set is this position. */
export function grant(step: Step, group: Group, request: LockRequest): void {
  const member = group.members.get(request.client);
  const absence = member?.status === 'disconnected_member' ? member.absence : null;
  const set = group.locks.grant(request, step.seq, absence);
  step.granted = true;
  recordChange(step, group, set.objects, set.holder);
  step.tell(group, {
    kind: 'lock_granted',
    senderId: set.holder,
    localId: set.localId,
    lockSet: set.id,
    objects: set.objects,
    graceMs: set.graceMs,
  });
  for (const timer of recoverable(group, set)) step.add({ kind: 'arm', timer });
}

/** Ends whole lock sets, then hands on what became free. */
export function releaseSets(
  step: Step,
  state: State,
  group: Group,
  sets: readonly LockSet[],
  cause: ReleaseCause,
): void {
  for (const set of sets) release(step, group, set, set.objects, cause);
  grantNext(step, state, group);
}

/** Takes objects out of a lock set, then hands on what became free. */
export function releaseObjects(
  step: Step,
  state: State,
  group: Group,
  released: { readonly set: LockSet; readonly objects: readonly ObjectId[] },
  cause: ReleaseCause,
): void {
  release(step, group, released.set, released.objects, cause);
  grantNext(step, state, group);
}

/** Grants the first waiting request that can be; asks for another step when there are more. */
export function grantNext(step: Step, state: State, group: Group): void {
  const request = step.granted ? null : group.locks.grantable();
  if (request !== null) {
    group.locks.dequeue(request);
    const chain = state.clients.get(request.client)?.chain(group.name);
    chain?.revise(request.localId, step.at, { kind: 'ok' });
    grant(step, group, request);
  }
  for (const timer of grantable(group)) step.add({ kind: 'arm', timer });
}

/**
 * Ends the waiting of requests; their outcome becomes a refusal. Others may have waited behind them, so
 * the caller hands on what became free (`grantNext`).
 */
export function endWaits(
  step: Step,
  state: State,
  group: Group,
  requests: Iterable<LockRequest>,
): void {
  for (const request of [...requests]) {
    group.locks.dequeue(request);
    const client = state.clients.get(request.client);
    const message = 'The lock request ended before it could be granted.';
    const result = { kind: 'refused', code: 'WAIT_ENDED', message, holders: [] } as const;
    client?.chain(group.name).revise(request.localId, step.at, result);
    if (client === undefined || client.session === null) continue;
    step.add({
      kind: 'settle',
      session: client.session,
      client: client.id,
      group: group.name,
      localId: request.localId,
      at: step.at,
      result,
      delivered: false,
    });
  }
}

/** The grace timer of a lock set whose holder is absent. */
export function recoverable(group: Group, set: LockSet): readonly Timer[] {
  if (set.absence === null) return [];
  const { id: lockSet, absence, graceMs: durationMs } = set;
  return [{ durationMs, proposal: { kind: 'expire_grace', group: group.id, lockSet, absence } }];
}

/** A step that is due because a waiting request could be granted right now. */
export function grantable(group: Group): readonly Timer[] {
  if (group.locks.grantable() === null) return [];
  return [{ durationMs: 0, proposal: { kind: 'grant_next', group: group.id } }];
}

function release(
  step: Step,
  group: Group,
  set: LockSet,
  objects: readonly ObjectId[],
  cause: ReleaseCause,
): void {
  const rest = group.locks.release(set, objects);
  recordChange(step, group, objects, authorOf(cause));
  step.tell(group, {
    kind: 'lock_released',
    senderId: set.holder,
    lockSet: set.id,
    objects,
    whole: rest === null,
    ...cause,
  });
}

/** A grace period that ended and a break count as by another for everybody, its author included. */
function authorOf(cause: ReleaseCause): ClientId | null {
  return cause.cause === 'released' || cause.cause === 'left' ? cause.by : null;
}

function recordChange(
  step: Step,
  group: Group,
  objects: readonly ObjectId[],
  by: ClientId | null,
): void {
  for (const object of objects) group.lockChanges.add(object, { seq: step.seq, by });
}
