/** What a workload is: what it does with a system, and what is expected of ours. */
import type { Metric, Values } from '@choir/bench-groups/row';
import type { Namespaces } from '@choir/testkit/node';
import type { System } from './system.ts';

export type Stand = {
  /** Started, on all hosts of the network. */
  readonly system: System;
  readonly network: Namespaces;
  readonly seconds: number;
};

export type Work = {
  readonly name: string;
  readonly summary: string;
  readonly metrics: readonly Metric[];
  measure(stand: Stand): Promise<Values>;
};
