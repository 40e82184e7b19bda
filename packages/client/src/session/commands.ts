/**
 * Commands: what an application asks of the session. A command is taken or refused at once; what
 * becomes of one that was taken is told by events.
 */
import type {
  GroupName,
  LocalId,
  LockSetId,
  ObjectId,
  ObjectState,
  Position,
  Property,
  UpdateKind,
} from '@choir/protocol';
import type { ClientCode } from './client-codes.ts';

/** `member`: joined. The others follow without joining: the membership only, or everything. */
export type Scope = 'member' | 'everything' | 'members';

/** What `join` wants. */
export type Wanted = { readonly group: GroupName; readonly name: string };

/** A part of a message, as the application writes it; `base` and `fence` are the session's to add. */
export type OutgoingPart =
  | {
      readonly kind: 'bcast';
      readonly group: GroupName;
      readonly exclusive: boolean;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'obj_state';
      readonly group: GroupName;
      readonly object: ObjectId;
      readonly update: UpdateKind;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'group_state';
      readonly group: GroupName;
      readonly objects: readonly ObjectState[];
    };

/** Goes to the outbox and is settled, refused or withdrawn under its local id. */
export type SubmissionCommand =
  /** All parts take effect at one position, or none. Their groups must be related. */
  | { readonly kind: 'send'; readonly parts: readonly OutgoingPart[] }
  | {
      readonly kind: 'lock';
      readonly group: GroupName;
      readonly objects: readonly ObjectId[];
      readonly wait: boolean;
      /** 0: the server's default. */
      readonly graceMs: number;
    }
  /** An empty list of objects gives up the whole set. */
  | {
      readonly kind: 'release';
      readonly group: GroupName;
      readonly lockSet: LockSetId;
      readonly objects: readonly ObjectId[];
    }
  /** Ends the request; should it have been granted meanwhile, its lock set is released. */
  | { readonly kind: 'cancel'; readonly group: GroupName; readonly request: LocalId }
  | {
      readonly kind: 'break';
      readonly group: GroupName;
      readonly lockSet: LockSetId;
      readonly reason: string;
    }
  | { readonly kind: 'leave'; readonly group: GroupName }
  | { readonly kind: 'rename'; readonly group: GroupName; readonly name: string }
  | {
      readonly kind: 'properties';
      readonly group: GroupName;
      readonly properties: readonly Property[];
    }
  | {
      readonly kind: 'create';
      readonly group: GroupName;
      readonly stateful: boolean;
      /** 0: the server's default. */
      readonly absenceMs: number;
      readonly properties: readonly Property[];
    }
  | { readonly kind: 'delete'; readonly group: GroupName };

export type Command =
  | SubmissionCommand
  /** Wants these groups from now on. Related ones are joined at one position. */
  | { readonly kind: 'join'; readonly groups: readonly Wanted[] }
  /**
   * Follows a group without joining it. `from` asks for what came after that position, in the group
   * with the id `created` (that of the `joined` event; 0 or none: no group of that name was seen).
   */
  | {
      readonly kind: 'watch';
      readonly group: GroupName;
      readonly scope: 'everything' | 'members';
      readonly from: Position | null;
      readonly created?: number;
    }
  | { readonly kind: 'unwatch'; readonly group: GroupName }
  /** Sent now or never; lost when there is no connection. */
  | { readonly kind: 'volatile'; readonly group: GroupName; readonly data: Uint8Array }
  /** An empty list of objects reads all. */
  | { readonly kind: 'read'; readonly group: GroupName; readonly objects: readonly ObjectId[] }
  | { readonly kind: 'status' }
  /** Says bye and ends the session for good. What is pending stays in the stored outbox. */
  | { readonly kind: 'close' };

export type CommandResult =
  /** `id` is the local id of a submission, the request id of `read` and `status`, else 0. */
  | { readonly kind: 'accepted'; readonly id: number }
  | { readonly kind: 'refused'; readonly code: ClientCode };
