/** What a workload is: what it does with a system, and what is expected of ours. */
import type { Metric, Values } from '@choir/bench-groups/row';
import type { Namespaces } from '@choir/testkit/node';
import type { System } from './system.ts';

export type Place = {
  readonly network: Namespaces;
  readonly seconds: number;
};

/** The system was started, on all hosts of the network. */
export type Stand = Place & { readonly system: System };

/** Where a work starts nodes of ours itself: nothing runs on the hosts. */
export type LoneStand = Place & { readonly encrypted: boolean };

type Described = {
  readonly name: string;
  readonly summary: string;
  readonly metrics: readonly Metric[];
};

/** What every system does. */
export type SharedWork = Described & { readonly measure: (stand: Stand) => Promise<Values> };

/** What the peers have no counterpart for. */
export type LoneWork = Described & { readonly measureAlone: (stand: LoneStand) => Promise<Values> };

export type Work = SharedWork | LoneWork;
