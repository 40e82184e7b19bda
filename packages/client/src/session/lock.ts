/**
 * The life of one lock of this client: requested → waiting → held → released | lost. While the
 * connection is gone a held lock is `unconfirmed`; the end of the next block says which it is.
 */
import type { LocalId, LockSetId, ObjectId, SubmissionBody } from '@choir/protocol';

export type LockState = 'requested' | 'waiting' | 'held' | 'unconfirmed' | 'released' | 'lost';

/**
 * Why a lock ended or shrank. The first four are the server's words. `denied`: the request was
 * refused. `wait_ended`: it waited, and no longer does. `gone`: it was missing when the client came
 * back to a state of which it had missed the history, or the group is gone.
 */
export type LockCause =
  | 'released'
  | 'grace_expired'
  | 'broken'
  | 'left'
  | 'denied'
  | 'wait_ended'
  | 'gone';

export type Lock = {
  readonly request: LocalId;
  /** The request as it was sent, for asking again; null when an earlier process of this client did. */
  readonly body: SubmissionBody | null;
  lockSet: LockSetId | null;
  state: LockState;
  objects: readonly ObjectId[];
  /** Objects given up by a submission that is on its way: no longer written under this fence. */
  releasing: readonly ObjectId[];
  /** The application does not want it any more: released as soon as it is granted. */
  cancelled: boolean;
};

export function isOver({ state }: Lock): boolean {
  return state === 'released' || state === 'lost';
}
