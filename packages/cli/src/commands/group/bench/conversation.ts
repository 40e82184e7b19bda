/** What the command and the members that it started say to each other, over the channel that Node.js gives a child. */

/** What a member is to do. */
export type Order =
  | {
      readonly kind: 'join';
      readonly name: string;
      readonly directory: string;
      /** 1 … members; its label as well. */
      readonly member: number;
      readonly members: number;
      /** Bytes of a message. */
      readonly size: number;
    }
  /** Multicasts as fast as there is room, until the mark `end` comes. */
  | { readonly kind: 'load' }
  /** Multicasts a mark, at whose place in the order everybody begins, or ends, to count. */
  | { readonly kind: 'mark'; readonly mark: Mark }
  /** Multicasts one message after the other, each when the one before has come back, and then the mark `over`. */
  | { readonly kind: 'singles'; readonly forMs: number };

export type Mark = 'begin' | 'end' | 'over';

/** What a member tells. */
export type Told =
  /** It is in a view of so many members. */
  | { readonly kind: 'viewed'; readonly members: number }
  /** All members are in its view. */
  | { readonly kind: 'ready' }
  /** The mark `begin` came: it may have waited behind what was handed over before. */
  | { readonly kind: 'begun' }
  /** Deliveries before `begin`, then since, once a second. */
  | { readonly kind: 'progress'; readonly messages: number }
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'alone'; readonly latency: Latency }
  | { readonly kind: 'failed'; readonly text: string };

/** Between `begin` and `end`. */
export type Measured = {
  readonly messages: number;
  readonly elapsedMs: number;
  /** Of what was delivered and in which order: the same at all members. */
  readonly sum: number;
  readonly latency: Latency;
};

export type Latency = { readonly p50Ms: number; readonly p99Ms: number };
