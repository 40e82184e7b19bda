/** What the benchmark and a node of ours tell each other, beside the reports and views that the node prints. */
import type { HostOptions } from '@choir/drivers';
import type { Load } from '../load.ts';

/** How a node takes part. */
export type NodeOptions = Required<Pick<HostOptions, 'network' | 'processorNumber'>> & {
  /** Whether datagrams are encrypted, under a key that all nodes know. */
  readonly encrypted: boolean;
  /** Makes the group. */
  readonly init: boolean;
};

export type Command =
  | { readonly kind: 'open'; readonly options: NodeOptions }
  | { readonly kind: 'run'; readonly load: Load; readonly sends: boolean }
  | { readonly kind: 'watch' };

/** A view, told whenever one comes. */
export type Told = { readonly kind: 'view'; readonly members: number };
