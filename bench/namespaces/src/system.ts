/** What takes part in the benchmarks: a group of three nodes with a total order, on the hosts of a network. */
import type { Namespaces } from '@choir/testkit/node';
import type { Load, Report } from './load.ts';
import type { Views } from './views.ts';

/** `choir` is ours as the suite has it by default; the others with `choir` are the same with encryption on, or off. */
export type SystemName = 'choir' | 'choir-encrypted' | 'choir-clear' | 'corosync';

export interface System {
  /** Starts a node on every host. Resolves when they are one group. */
  start(network: Namespaces): Promise<void>;
  /** Resolves to what each node tells, in the order of the hosts, after all was delivered everywhere. */
  run(load: Load): Promise<readonly Report[]>;
  /** Has every node tell its views. Resolves when all are in one. */
  watch(): Promise<Views>;
  /** Ends the node with this number, from 1, without a warning (SIGKILL). */
  kill(node: number): void;
  /** Ends all nodes and removes their files. May be called again. */
  stop(): Promise<void>;
}
