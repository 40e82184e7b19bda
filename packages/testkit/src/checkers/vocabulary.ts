/**
 * The vocabulary of a trace of groups: what the checkers read, and all they read. Every record says
 * what one process saw or did; `docs/design/simulator.md` ("What is recorded") explains them one by one.
 *
 * Boundary: names, numbers and payloads as text only, so that a trace from several processes, one line
 * a record, is judged as the simulator's is. `seq` 0 means: no position. A local id of 0: none.
 */
import type { GroupEvent } from './group-event.ts';

/** What a submission asks for; the parts of a message follow as `part` records. */
export type Body =
  | {
      readonly body: 'lock_request';
      readonly objects: readonly string[];
      readonly wait: boolean;
      readonly graceMs: number;
    }
  | {
      readonly body: 'lock_release';
      readonly lockSet: number;
      readonly objects: readonly string[];
    }
  | { readonly body: 'lock_cancel'; readonly request: number }
  | { readonly body: 'lock_break'; readonly lockSet: number }
  | { readonly body: 'create'; readonly stateful: boolean; readonly absenceMs: number }
  | { readonly body: 'message' | 'leave' | 'rename' | 'properties' | 'delete' };

export type PartFields =
  | { readonly part: 'bcast'; readonly exclusive: boolean; readonly data: string }
  | {
      readonly part: 'obj_state';
      readonly object: string;
      readonly update: string;
      readonly base: number;
      readonly fence: number;
      readonly data: string;
    }
  | {
      readonly part: 'group_state';
      readonly base: number;
      readonly objects: readonly string[];
      readonly contents: readonly string[];
    };

export type EntryCommand =
  | { readonly command: 'attach'; readonly client: string; readonly secret: string }
  | { readonly command: 'detach'; readonly client: string; readonly session: number }
  | ({
      readonly command: 'submit';
      readonly client: string;
      readonly session: number;
      readonly privileged: boolean;
      readonly group: string;
      readonly localId: number;
      readonly previous: number;
    } & Body)
  | {
      readonly command: 'join';
      readonly client: string;
      readonly session: number;
      readonly groups: readonly string[];
    }
  | {
      readonly command: 'expire_absence';
      readonly client: string;
      readonly created: number;
      readonly absence: number;
    }
  | {
      readonly command: 'expire_grace';
      readonly created: number;
      readonly lockSet: number;
      readonly absence: number;
    }
  | { readonly command: 'forget'; readonly client: string; readonly absence: number }
  | { readonly command: 'grant_next'; readonly created: number }
  | { readonly command: 'cut_history'; readonly created: number; readonly upTo: number }
  /** Nodes that will never submit again. */
  | { readonly command: 'members'; readonly gone: readonly string[] };

export type Records = {
  // Of a server.
  opened: {
    readonly life: number;
    readonly head: number;
    readonly epoch: number;
    readonly clean: boolean;
  };
  unopened: { readonly life: number; readonly code: string; readonly at: number };
  stopped: { readonly life: number; readonly how: 'closed' | 'killed' | 'power' };
  /** The process stands still (SIGSTOP), or goes on. Of clients too. */
  paused: object;
  unpaused: object;
  /** Everything up to here is on the disk. */
  synced: { readonly seq: number };
  /** The journal is closed for good in this life. */
  failed: { readonly code: string };
  /** A committed entry, once the services may see it. */
  entry: {
    readonly seq: number;
    readonly epoch: number;
    readonly source: string;
    readonly n: number;
    /** Wall time of the entry, in milliseconds. */
    readonly time: number;
    /** Found by a later life: committed before, at a time that nobody told. */
    readonly late: boolean;
  } & EntryCommand;
  /** One event of what a group received at a position: event `index` of `of`. */
  logged: {
    readonly seq: number;
    readonly group: string;
    readonly created: number;
    readonly time: number;
    readonly index: number;
    readonly of: number;
  } & GroupEvent;
  /** A message handed to the connection of a client. `seq`: the newest position that it tells of. */
  sent: {
    readonly client: string;
    readonly message: string;
    readonly group: string;
    readonly seq: number;
    readonly localId: number;
    readonly code: string;
  };
  /** An entry that the log holds when all is over. */
  kept: { readonly seq: number; readonly client: string; readonly localId: number };

  // Of a client process. `identity` tells who owns the secret; it survives with a stored outbox.
  started: {
    readonly life: number;
    readonly role: 'client' | 'raw';
    readonly identity: string;
  };
  /** A submission that a stored outbox held when the process started. */
  restored: { readonly group: string; readonly localId: number; readonly body: string };
  /** `over`: the session ended for good. */
  ended: { readonly life: number; readonly how: 'crashed' | 'closed' | 'over' };
  /** Another process has its outbox now: what this one is told is the identity's word no more. */
  disowned: object;
  attached: { readonly client: string; readonly session: number };
  connection: { readonly state: string };
  /** The application handed a submission over. */
  call: { readonly group: string; readonly localId: number } & Body;
  /** The submission was sent, by this process for the first time. */
  submitted: { readonly group: string; readonly localId: number };
  /** A part of the `call` (seq 0) or the `entry` (localId 0) before it. */
  part: {
    readonly seq: number;
    readonly localId: number;
    readonly index: number;
    readonly group: string;
  } & PartFields;
  /** A block of the stream begins or ends at the client's end of the connection. */
  block: {
    readonly edge: 'resume_begin' | 'resume_end' | 'transfer_begin' | 'transfer_end';
    /** `read` and `watch` of a transfer; `join` of all the rest. */
    readonly purpose: 'join' | 'watch' | 'read';
    /** Whether the group is followed for its membership only. */
    readonly scope: 'everything' | 'members';
    readonly request: number;
    readonly group: string;
    /** 0 when there is no such group, and on the ends. */
    readonly created: number;
    readonly seq: number;
    readonly after: number;
    readonly mark: number;
    readonly gap: boolean;
    readonly stateful: boolean;
  };
  /** One update of an object, in a transfer. */
  update: {
    readonly group: string;
    readonly object: string;
    readonly update: string;
    readonly at: number;
    readonly data: string;
  };
  /** A member, a lock set, a property: of the transfer or the copy that was recorded before. */
  member: {
    readonly group: string;
    readonly client: string;
    readonly name: string;
    readonly status: string;
  };
  held: {
    readonly group: string;
    readonly holder: string;
    readonly lockSet: number;
    readonly objects: readonly string[];
    readonly graceMs: number;
  };
  property: { readonly group: string; readonly name: string; readonly value: string };
  delivered: {
    readonly group: string;
    readonly seq: number;
    readonly time: number;
    readonly index: number;
    readonly of: number;
  } & GroupEvent;
  settled: { readonly group: string; readonly localId: number; readonly seq: number };
  refused: {
    readonly group: string;
    readonly localId: number;
    readonly seq: number;
    readonly code: string;
  };
  withdrawn: { readonly group: string; readonly localId: number; readonly why: string };
  joined: { readonly group: string; readonly scope: string; readonly seq: number };
  /** A later block has ended; the counts are what the application was told. */
  rejoined: {
    readonly group: string;
    readonly scope: string;
    readonly seq: number;
    readonly conflicts: number;
    readonly discarded: number;
    readonly gap: boolean;
  };
  reset: { readonly group: string };
  left: { readonly group: string; readonly why: string };
  lock: {
    readonly group: string;
    readonly request: number;
    readonly lockSet: number;
    readonly state: string;
    readonly objects: readonly string[];
  };
  volatile: { readonly group: string; readonly sender: string; readonly data: string };
  /** The server broke the protocol, as the client sees it. */
  violation: { readonly message: string };

  // When all is quiet. A copy's content, members, lock sets and properties follow it.
  copy: { readonly group: string; readonly scope: string };
  content: { readonly group: string; readonly object: string; readonly data: string };
  pending: { readonly count: number };

  // Of the world.
  fault: {
    readonly fault: string;
    readonly hit: string;
    readonly bit: boolean;
    readonly lasts: number | null;
  };
  heal: { readonly fault: string; readonly hit: string };
  /** `healing`: from here on no fault strikes. `quiet`: nothing is under way any more. */
  phase: { readonly phase: 'work' | 'healing' | 'quiet' };
};

export type RecordKind = keyof Records;

export type RecordOf<Kind extends RecordKind> = Kind extends RecordKind
  ? { readonly t: number; readonly node: string; readonly kind: Kind } & Records[Kind]
  : never;

export type TraceRecord = RecordOf<RecordKind>;

/** How the content of an object is written: its live updates, oldest first. */
export function contentText(updates: readonly string[]): string {
  return updates.join('+');
}
