/** What a load process is told to do, and what it tells. Everything is data: it crosses processes. */

export type PeerName = 'choir' | 'socket.io' | 'ws' | 'nats';

/** The server under load, as the load process sees it. */
export type Target = { readonly peer: PeerName; readonly port: number; readonly pid: number };

export type Phase =
  /** One publisher; this many publishes are on their way to the members at any time. */
  | { readonly kind: 'window'; readonly window: number }
  /** Every member publishes again when its own message comes back. */
  | { readonly kind: 'own echo' }
  /** One publisher, so many deliveries a second; of the first phase's rate when `share` is given. */
  | { readonly kind: 'rate'; readonly deliveriesPerSecond: number }
  | { readonly kind: 'share'; readonly share: number };

export type Flood = {
  readonly kind: 'flood';
  readonly rooms: number;
  readonly membersPerRoom: number;
  readonly payloadBytes: number;
  /** Members that stop reading after the first phase; of one room only. */
  readonly stalled: number;
  readonly seconds: number;
  readonly phases: readonly Phase[];
};

export type Acks = {
  readonly kind: 'acks';
  readonly publishers: number;
  readonly payloadBytes: number;
  readonly seconds: number;
};

export type Storm = {
  readonly kind: 'storm';
  readonly rooms: number;
  readonly membersPerRoom: number;
  /** Messages that every member misses. */
  readonly missed: number;
  readonly payloadBytes: number;
  /** The server is killed while everybody is away. */
  readonly killed: boolean;
};

export type Idle = { readonly kind: 'idle'; readonly connections: number };

export type Task = Flood | Acks | Storm | Idle;

export type Measured = {
  /** Deliveries, or acknowledgements, a second. */
  readonly perSecond: number;
  /** Of the server, all its threads. */
  readonly cpuMicrosecondsEach: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssBeforeMb: number;
  readonly rssAfterMb: number;
};

export type Recovered = { readonly allBackMs: number; readonly p50Ms: number };
export type Rested = { readonly bytesPerConnection: number };

export type ToLoad =
  | { readonly kind: 'begin'; readonly target: Target; readonly task: Task }
  /** The server that was killed is ready again. */
  | { readonly kind: 'restarted'; readonly target: Target };

export type FromLoad =
  | { readonly kind: 'measured'; readonly phases: readonly Measured[] }
  /** Everybody is away and has missed what there is to miss. */
  | { readonly kind: 'away' }
  | { readonly kind: 'recovered'; readonly recovered: Recovered }
  | { readonly kind: 'rested'; readonly rested: Rested }
  | { readonly kind: 'failed'; readonly problem: string };
