/**
 * The vocabulary of a trace of process groups: what the checkers read, and all they read. Every record
 * says what one process saw or did; several processes write a line a record, merged by `t`.
 *
 * A process is one incarnation of a processor. Its `node` is `processor.incarnation`, as `3.1a2b3c4d`;
 * members, senders and sources are named so too. `group` is the number of the processor group.
 *
 * Boundary: names, numbers and fingerprints only. Timestamps are whole numbers that the trace has
 * unwrapped, so that they compare as numbers; sequence numbers are compared for equality alone.
 */

export type Delivery = 'agreed' | 'safe';

/** The message types of FTMP, by their names in the paper where it has them. */
export type DatagramType =
  | 'Regular'
  | 'RetransmitRequest'
  | 'Heartbeat'
  | 'ConnectRequest'
  | 'Connect'
  | 'AddProcessor'
  | 'RemoveProcessor'
  | 'Suspect'
  | 'Membership'
  // Beyond the paper.
  | 'Join'
  | 'Refuse'
  | 'Announce'
  | 'Slice';

export type Records = {
  // Of a process.
  /** An incarnation begins. */
  started: { readonly processor: number };
  /** It is gone without a word: the record is the world's, under its name, once nothing of it can follow. */
  crashed: object;
  /** It ends as it should. */
  stopped: object;
  /** It stands still (SIGSTOP), or goes on. */
  paused: object;
  resumed: object;

  // Of a process in a group.
  /**
   * The application was given a view. `view` is `timestamp/processor`: ids compare by the timestamp,
   * then by the processor. Where a message in the order (AddProcessor, RemoveProcessor) made the view,
   * the id is that message's timestamp and source.
   */
  view: {
    readonly group: number;
    readonly view: string;
    readonly members: readonly string[];
    readonly primary: boolean;
    /** Those who come from the same view as this process; itself alone if it comes from none. */
    readonly transitional: readonly string[];
    /** `first`: nobody was before; `joined`: this process is new; the rest: why the others are told. */
    readonly cause: 'first' | 'added' | 'removed' | 'fault' | 'joined';
  };
  /** The application handed a message over. Its id is `node/n`, unique in the group. */
  sent: {
    readonly group: number;
    readonly message: string;
    readonly delivery: Delivery;
    readonly data: string;
  };
  /** The application was given a message; the timestamp is that of the Regular message which completed it. */
  delivered: {
    readonly group: number;
    readonly message: string;
    readonly sender: string;
    readonly delivery: Delivery;
    readonly data: string;
    readonly timestamp: number;
    /** It was not stable when its view failed: all who go on to the next are given it, others may lack it. */
    readonly transitional?: boolean;
  };
  /** It is no member any more because it wished so, or because it learnt that the others went on. */
  left: { readonly group: number };
  excluded: { readonly group: number };
  /** It holds a reliable message from now on, own ones too: their record is the first of all. */
  stored: {
    readonly group: number;
    readonly source: string;
    readonly seq: number;
    readonly timestamp: number;
  };
  /** It let go of one. */
  released: { readonly group: number; readonly source: string; readonly seq: number };
  /** It transmitted a datagram with a higher ack timestamp than before. */
  acked: { readonly group: number; readonly ack: number };
  suspected: { readonly group: number; readonly who: string };
  /** From here on it waits for `who` no more. */
  convicted: { readonly group: number; readonly who: string };
  proposed: { readonly group: number; readonly round: number; readonly members: readonly string[] };
  /** It is ready to end the configuration so, or knows that all are. */
  accepted: ConfigurationEnd;
  decided: ConfigurationEnd;
  /** It may not go on, for want of a primary view; it may again. */
  blocked: { readonly group: number };
  unblocked: { readonly group: number };
  /** Sampled: what RMP holds. */
  buffered: { readonly group: number; readonly messages: number; readonly bytes: number };
  /** It transmitted a datagram. */
  transmitted: {
    readonly group: number;
    readonly type: DatagramType;
    readonly bytes: number;
    readonly retransmission: boolean;
  };

  // Of connections. `connection` and the two groups of objects are named as the product names them.
  /** It transmitted or received a Connect with this timestamp: the barrier stands. */
  barred: { readonly group: number; readonly barrier: number };
  /** While a barrier stands: a datagram of `source` with this timestamp came. */
  heard: { readonly group: number; readonly source: string; readonly timestamp: number };
  /** A connection is open, goes on at another address, is closed. `barrier`: the Connect's timestamp. */
  connection: {
    readonly group: number;
    readonly connection: string;
    readonly client: string;
    readonly server: string;
    readonly state: 'opened' | 'moved' | 'closed';
    readonly address: string;
    readonly barrier: number;
    /** The source of the Connect: two of them may have one timestamp. */
    readonly source?: string;
  };
  /** A request or reply came in the order at this address; `processed`: it was passed on, not suppressed. */
  request: {
    readonly group: number;
    readonly connection: string;
    readonly direction: 'request' | 'reply';
    readonly number: number;
    readonly processed: boolean;
    readonly address: string;
    readonly timestamp: number;
  };

  // Of the world.
  /** A copy of a datagram did not arrive as it was sent. */
  lost: { readonly type: DatagramType };
  fault: {
    readonly fault: string;
    readonly hit: string;
    readonly bit: boolean;
    readonly lasts: number | null;
  };
  heal: { readonly fault: string; readonly hit: string };
  /** `healing`: from here on no fault strikes. `quiet`: from here on nobody sends. */
  phase: { readonly phase: 'work' | 'healing' | 'quiet' };
  /**
   * From here on these processors (`3`, or `3.1a2b3c4d`: the incarnation does not count) are alive and
   * connected and nothing else reaches them; the world asks for the group's liveness by it.
   */
  stable: { readonly group: number; readonly members: readonly string[] };
};

/** What a configuration ends with. */
export type ConfigurationEnd = {
  readonly group: number;
  readonly configuration: string;
  readonly round: number;
  /** The view that it makes, its members, and the last message of each source before it, as `source:seq`. */
  readonly view: string;
  readonly members: readonly string[];
  readonly cut: readonly string[];
};

export type RecordKind = keyof Records;

export type RecordOf<Kind extends RecordKind> = Kind extends RecordKind
  ? { readonly t: number; readonly node: string; readonly kind: Kind } & Records[Kind]
  : never;

export type ViewsRecord = RecordOf<RecordKind>;

/** The processor of an incarnation: what stands before the dot. */
export function processorOf(node: string): number {
  return Number.parseInt(node, 10);
}

/** Ids of processes compare by the processor, then by the incarnation, as numbers. */
export function rankOf(node: string): number {
  const [processor = '', incarnation = ''] = node.split('.');
  return Number.parseInt(processor, 10) * 2 ** 32 + Number.parseInt(incarnation || '0', 16);
}
