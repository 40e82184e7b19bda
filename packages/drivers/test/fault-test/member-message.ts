// What the fault test and the processes of its group tell each other.
import type { NetworkOptions } from '../../src/index.ts';

export type Opening = {
  readonly kind: 'open';
  readonly processor: number;
  readonly network: NetworkOptions;
  readonly init: boolean;
  /** 32 bytes in hexadecimal. */
  readonly key: string;
  readonly trace: string;
};

export type Command =
  | Opening
  /** From now on hands a message over so often, on average; never with null. */
  | { readonly kind: 'work'; readonly everyMs: number | null }
  /** Keeps the main thread busy. */
  | { readonly kind: 'block'; readonly ms: number }
  | { readonly kind: 'close' };

export type Told =
  | { readonly kind: 'opened'; readonly address: string }
  | { readonly kind: 'view'; readonly own: string; readonly members: readonly string[] }
  /** It is in no view, as far as it knows. */
  | { readonly kind: 'out' }
  | { readonly kind: 'resting' };
