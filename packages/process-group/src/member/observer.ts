/** What an observer has in place of replicas: no state. The others know that (O3), so that it is given none, and asked for none. */
import type { Replicas } from '../core/index.ts';

export type State = Pick<Replicas, 'has' | 'apply' | 'view' | 'snapshot' | 'restore'>;

export const noState: State = {
  has: () => false,
  apply: () => {},
  view: () => {},
  snapshot: () => [],
  restore: () => {},
};
