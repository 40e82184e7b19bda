import type { HostOptions, NetworkOptions } from '../src/index.ts';

export type Command =
  | {
      readonly kind: 'open';
      readonly network: NetworkOptions;
      readonly init: boolean;
      readonly rejoin?: boolean;
      readonly settings?: HostOptions['settings'];
      readonly stalledMs?: number;
      readonly keys?: readonly { readonly id: number; readonly hex: string }[];
    }
  | { readonly kind: 'send'; readonly count: number; readonly bytes: number }
  | { readonly kind: 'block'; readonly ms: number }
  /** Blocks until something comes to its standard input: `release`. */
  | { readonly kind: 'block-until-released' }
  | { readonly kind: 'count' | 'statistics' | 'leave' };

export type Told =
  | { readonly kind: 'opened'; readonly id: string; readonly address: string }
  | { readonly kind: 'view'; readonly members: readonly string[] }
  | { readonly kind: 'blocked' | 'left' }
  | { readonly kind: 'excluded'; readonly rejoins: string | null }
  | { readonly kind: 'stalled'; readonly who: string; readonly is: boolean }
  | { readonly kind: 'count'; readonly delivered: number; readonly order: string }
  | {
      readonly kind: 'statistics';
      readonly refused: readonly (readonly [string, number])[];
      readonly receivedDatagrams: number;
      readonly exclusions: number;
    };
