/**
 * Effects: what the host has to do after an entry was applied, in the order given. The service decides
 * at a position; the host carries out, for the clients attached to it.
 */
import type {
  ClientId,
  Code,
  Event,
  GroupId,
  GroupName,
  Holder,
  LocalId,
  LockSetId,
  Position,
  SessionId,
} from '@choir/protocol';

/** What became of a submission. */
export type Result =
  | { readonly kind: 'ok' }
  | { readonly kind: 'waiting'; readonly holders: readonly Holder[] }
  | {
      readonly kind: 'refused';
      readonly code: Code;
      readonly message: string;
      readonly holders: readonly Holder[];
    };

export type Effect =
  /** The group received these events at the position being applied: its row in the log. */
  | {
      readonly kind: 'deliver';
      readonly group: GroupId;
      readonly name: GroupName;
      readonly events: readonly Event[];
      /** The sender of a message whose own copy is replaced by an ack (sender-exclusive). */
      readonly exclusive: { readonly senderId: ClientId; readonly localId: LocalId } | null;
    }
  /** The outcome of a submission, for the session that sent it. `at` is where it was decided. */
  | {
      readonly kind: 'settle';
      readonly session: SessionId;
      readonly client: ClientId;
      readonly group: GroupName;
      readonly localId: LocalId;
      readonly at: Position;
      readonly result: Result;
      /** True when the session's client receives the delivery itself, which is then its ack. */
      readonly delivered: boolean;
    }
  | {
      readonly kind: 'resend';
      readonly session: SessionId;
      readonly group: GroupName;
      readonly mark: number;
    }
  | {
      readonly kind: 'attached';
      readonly session: SessionId;
      readonly client: ClientId;
      /** The older session of the same client that ended by this. */
      readonly superseded: SessionId | null;
    }
  | { readonly kind: 'attach_refused'; readonly client: ClientId; readonly code: Code }
  /** The session ended (detached, superseded, its node gone, its client retired). */
  | { readonly kind: 'session_ended'; readonly session: SessionId }
  | {
      readonly kind: 'joined';
      readonly session: SessionId;
      readonly requestId: number;
      readonly groups: readonly JoinedGroup[];
    }
  | {
      readonly kind: 'join_refused';
      readonly session: SessionId;
      readonly requestId: number;
      readonly code: Code;
      readonly message: string;
    }
  /** The client is no longer a member through this session: it gets nothing after this position. */
  | { readonly kind: 'left'; readonly session: SessionId; readonly group: GroupId }
  | { readonly kind: 'group_created'; readonly group: GroupId; readonly name: GroupName }
  /** The group is gone; its rows may be dropped once every session was fed up to here. */
  | { readonly kind: 'group_deleted'; readonly group: GroupId; readonly name: GroupName }
  | { readonly kind: 'arm'; readonly timer: Timer };

export type JoinedGroup = {
  readonly group: GroupId;
  readonly name: GroupName;
  /** Mark of the client's chain for this group at this position. */
  readonly mark: number;
  /** `resume`: send what came after `after`. `transfer`: send the state; `gap` when it had one. */
  readonly answer:
    | { readonly kind: 'resume'; readonly after: Position }
    | { readonly kind: 'transfer'; readonly gap: boolean };
};

/** A duration after which the writable host proposes a command; void when no longer current. */
export type Timer = { readonly durationMs: number; readonly proposal: Proposal };

export type Proposal =
  | {
      readonly kind: 'expire_absence';
      readonly group: GroupId;
      readonly client: ClientId;
      readonly absence: number;
    }
  | {
      readonly kind: 'expire_grace';
      readonly group: GroupId;
      readonly lockSet: LockSetId;
      readonly absence: number;
    }
  | { readonly kind: 'forget'; readonly client: ClientId; readonly absence: number }
  | { readonly kind: 'grant_next'; readonly group: GroupId };
