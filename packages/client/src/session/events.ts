/** Events: what the session tells the application, in the order in which it happened. */
import type {
  ClientId,
  Event,
  GroupName,
  Holder,
  LocalId,
  LockInfo,
  LockSetId,
  MemberInfo,
  ObjectId,
  Position,
  Property,
  SessionId,
  SubmissionBody,
} from '@choir/protocol';
import type { Scope } from './commands.ts';
import type { ConnectionState } from './connection.ts';
import type { LockCause, LockState } from './lock.ts';
import type { Update } from './objects.ts';

/** A submission that was withdrawn: it did not and will not take effect. */
export type Withdrawn = {
  readonly localId: LocalId;
  readonly group: GroupName;
  readonly body: SubmissionBody;
};

export type SessionEvent =
  | {
      readonly kind: 'connection';
      readonly state: ConnectionState;
      /** Index of the server that is tried or used. */
      readonly server: number;
      /** Submissions that are not settled. */
      readonly pending: number;
      /** Until the next attempt, milliseconds; null unless offline. */
      readonly retryInMs: number | null;
      /** Why the connection ended, as a sentence; empty unless offline or closed. */
      readonly why: string;
    }
  /** The server knows the client now. */
  | { readonly kind: 'attached'; readonly clientId: ClientId; readonly session: SessionId }
  /** The first block of a group has ended: from here on it is followed without a break. */
  | {
      readonly kind: 'joined';
      readonly group: GroupName;
      readonly scope: Scope;
      readonly how: 'transfer' | 'resumed';
      readonly at: Position;
      /** Id of the group: tells it from a later one of the same name; 0 when there is none. */
      readonly created: number;
      /** A watch that was to begin at a position could not: what came between is not known. */
      readonly gap: boolean;
    }
  /** A later block has ended (paper §7.2). */
  | {
      readonly kind: 'rejoined';
      readonly group: GroupName;
      readonly scope: Scope;
      readonly at: Position;
      /** Deliveries received that were missed. */
      readonly delivered: number;
      /** Submissions that are sent again now. */
      readonly resent: number;
      /** Own submissions found among what was missed: they had taken effect. */
      readonly duplicates: number;
      readonly conflicts: readonly Withdrawn[];
      readonly discarded: readonly Withdrawn[];
      /** What was missed is not known: the state was transferred whole and replaces the copy. */
      readonly gap: boolean;
    }
  /** `retrying`: the session goes on trying; else the groups are no longer wanted. */
  | {
      readonly kind: 'join_refused';
      readonly groups: readonly GroupName[];
      readonly code: string;
      readonly message: string;
      readonly retrying: boolean;
    }
  /** The application's own optimistic changes are void; the committed content holds. */
  | { readonly kind: 'reset'; readonly group: GroupName }
  | {
      readonly kind: 'left';
      readonly group: GroupName;
      readonly why: 'left' | 'deleted' | 'unwatched';
    }
  /**
   * One delivery, whole: all events of one position in this group, in order, without the own
   * messages that were sent sender-exclusively.
   */
  | {
      readonly kind: 'message';
      readonly group: GroupName;
      readonly at: Position;
      /** Milliseconds since 1970 when it was ordered; for display only. */
      readonly time: number;
      /** Caused by a submission of this client. */
      readonly own: boolean;
      /** Missed before, and received in a resume block. */
      readonly missed: boolean;
      readonly events: readonly Event[];
    }
  | {
      readonly kind: 'settled';
      readonly group: GroupName;
      readonly localId: LocalId;
      readonly at: Position;
    }
  /** `at` is null when it was refused before it was ordered. */
  | {
      readonly kind: 'refused';
      readonly group: GroupName;
      readonly localId: LocalId;
      readonly at: Position | null;
      readonly code: string;
      readonly message: string;
      readonly holders: readonly Holder[];
    }
  | ({ readonly kind: 'withdrawn'; readonly why: 'conflict' | 'discarded' } & Withdrawn)
  /** The server cannot take it now; the session tries again. */
  | {
      readonly kind: 'delayed';
      readonly group: GroupName;
      readonly localId: LocalId;
      readonly code: string;
      readonly message: string;
      readonly retryInMs: number;
    }
  /** A lock of this client changed its state. */
  | {
      readonly kind: 'lock';
      readonly group: GroupName;
      /** Local id of the request, which an earlier process of this client may have made. */
      readonly request: LocalId;
      /** The fencing token; null while the request is not granted. */
      readonly lockSet: LockSetId | null;
      readonly state: LockState;
      /** Objects that the set holds (or asks for) after the change; none once it has ended. */
      readonly objects: readonly ObjectId[];
      /** Why it ended or shrank. */
      readonly cause: LockCause | null;
      /** Who stands in the way of a waiting request. */
      readonly holders: readonly Holder[];
      /** Who broke it, and why. */
      readonly by: ClientId | null;
      readonly reason: string;
      /** Since when it is unconfirmed, in the session's time. */
      readonly since: number | null;
    }
  /**
   * A request that was cancelled too late was granted; the session gives the lock set back by a
   * submission of its own, which ends under this local id like any other.
   */
  | {
      readonly kind: 'given_back';
      readonly group: GroupName;
      readonly lockSet: LockSetId;
      readonly localId: LocalId;
    }
  | {
      readonly kind: 'volatile';
      readonly group: GroupName;
      readonly senderId: ClientId;
      readonly data: Uint8Array;
    }
  | { readonly kind: 'state'; readonly requestId: number; readonly state: GroupState }
  | {
      readonly kind: 'status';
      readonly requestId: number;
      readonly status: ServerStatus;
    }
  | {
      readonly kind: 'request_refused';
      readonly requestId: number;
      readonly code: string;
      readonly message: string;
    }
  /** The server broke the protocol; the connection was closed and another is tried. */
  | { readonly kind: 'violation'; readonly message: string }
  /** The session is over and does not come back by itself. */
  | { readonly kind: 'ended'; readonly code: string; readonly message: string };

/** The state of a group at one position, as read without joining. */
export type GroupState = {
  readonly group: GroupName;
  readonly exists: boolean;
  readonly at: Position;
  readonly stateful: boolean;
  readonly absenceMs: number;
  readonly properties: readonly Property[];
  readonly members: readonly MemberInfo[];
  readonly locks: readonly LockInfo[];
  readonly objects: ReadonlyMap<ObjectId, readonly Update[]>;
};

/** What a server says of itself. */
export type ServerStatus = {
  /** Whether it takes messages now. */
  readonly writable: boolean;
  /** Why it does not; else empty. */
  readonly why: string;
  /** The position of the newest entry of its log. */
  readonly head: Position;
  readonly groups: number;
  /** Clients that it knows, with a connection or without. */
  readonly clients: number;
  readonly connections: number;
  /** Since its process began to serve, milliseconds. */
  readonly uptimeMs: number;
  /** Of the program. */
  readonly version: string;
};
