/** What the benchmark and a node tell each other of a state transfer. */
import type { Percentiles, Window } from '@choir/bench-namespaces/latencies';
import type { NodeOptions } from '@choir/bench-namespaces/member';

export type Command =
  | { readonly kind: 'open'; readonly options: NodeOptions; readonly stateBytes: number }
  | { readonly kind: 'send'; readonly ratePerSecond: number }
  /** Send the last message, and tell of it all when so many senders' last messages came. */
  | { readonly kind: 'end'; readonly senders: number; readonly windows: readonly Window[] };

export type Told =
  /** It has the state: from the call to its return, in ns of CLOCK_MONOTONIC. */
  | { readonly kind: 'joined'; readonly fromNs: number; readonly untilNs: number }
  | {
      readonly kind: 'over';
      readonly sent: number;
      readonly delivered: number;
      readonly order: string;
      /** Of each of the windows. */
      readonly latencies: readonly Percentiles[];
    };
