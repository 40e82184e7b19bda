/** What a processor wants done, in the order in which it is to be done. */
import type { GroupId, ProcessorId, ViewId } from '../ids.ts';
import type { ConnectionId, Refuse, Request } from '../wire/index.ts';

/** A view, as the application is given it. */
export type View = {
  readonly id: ViewId;
  /** Oldest first; the first has the highest rank. */
  readonly members: readonly ProcessorId[];
  /** How it came about: `first` by init, `joined` this processor itself, `fault` by agreement without the others. */
  readonly cause: 'first' | 'joined' | 'added' | 'removed' | 'fault';
  /** Members of the view before that go on together with this processor. */
  readonly transitional: readonly ProcessorId[];
};

export type Effect = { readonly group: GroupId } & (
  | {
      readonly kind: 'send';
      /** All members, a processor (member or not), or whoever may know the group. */
      readonly to: 'group' | 'anyone' | ProcessorId;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'deliver';
      readonly sender: ProcessorId;
      readonly timestamp: number;
      readonly safe: boolean;
      /** A safe message of a view that failed: all members of the next view hold it. */
      readonly transitional: boolean;
      readonly request: Request | null;
      /** A view of a datagram, or of several joined: copy what is to be kept long. */
      readonly bytes: Uint8Array;
    }
  | {
      /**
       * A message of a connection that came in its place, and is not for the application: `duplicate` was given to it before,
       * `moved` was sent before its sender knew where the connection is now (an own one is to be sent again), `full` is
       * of a connection beyond what a group can have.
       */
      readonly kind: 'suppressed';
      readonly why: 'duplicate' | 'moved' | 'full';
      readonly sender: ProcessorId;
      readonly timestamp: number;
      readonly safe: boolean;
      readonly transitional: boolean;
      readonly request: Request;
      readonly bytes: Uint8Array;
    }
  | {
      /** A connection is open, is at another place, or is none of this processor's any more. */
      readonly kind: 'connection';
      readonly connection: ConnectionId;
      readonly state: 'opened' | 'moved' | 'closed';
      /** The processor group that carries it from now on, and where that is reached. */
      readonly carrier: GroupId;
      readonly address: Uint8Array;
      /** The timestamp of the Connect in this effect's group; 0 when it is closed. */
      readonly barrier: number;
      /** Who sent the Connect; this processor itself when it is closed. */
      readonly source: ProcessorId;
    }
  | {
      /** A Connect has answered this processor's request, from outside: it is to join this effect's group. */
      readonly kind: 'connected';
      readonly connection: ConnectionId;
      readonly address: Uint8Array;
      readonly members: readonly ProcessorId[];
    }
  | { readonly kind: 'view'; readonly view: View }
  /** The others cannot go on without those who are silent (`false`), or can again. */
  | { readonly kind: 'primary'; readonly primary: boolean }
  /** There is room in the queue again, after `full`. */
  | { readonly kind: 'writable' }
  /** Removed by the others: this incarnation is over. */
  | { readonly kind: 'excluded' }
  | { readonly kind: 'left' }
  /** Not let in, and why; `minority`: so say members that lack the others (Announce). */
  | { readonly kind: 'refused'; readonly reason: Refuse['reason'] | 'minority' }
  /** Where a processor is reached. */
  | { readonly kind: 'address'; readonly processor: ProcessorId; readonly address: Uint8Array }
  /** A processor is gone from the group; `convicted` when the others removed it. */
  | { readonly kind: 'forget'; readonly processor: ProcessorId; readonly convicted: boolean }
  /** A member acknowledges too little, or its application does not progress; `is: false` ends it. */
  | { readonly kind: 'slow'; readonly processor: ProcessorId; readonly is: boolean }
  | { readonly kind: 'stalled'; readonly processor: ProcessorId; readonly is: boolean }
);

export type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { readonly kind: Kind }>;
