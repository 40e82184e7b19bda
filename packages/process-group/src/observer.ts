/**
 * What an observer has in place of replicas: it takes any state and keeps none of it, and it can provide nobody, which the others are told
 * (`Failed`), so that a joiner is given the state by the next holder.
 */
import type { Replicas } from './core/index.ts';

export type State = Pick<Replicas, 'has' | 'apply' | 'view' | 'snapshot' | 'restore'>;

export const noState: State = {
  has: () => false,
  apply: () => {},
  view: () => {},
  snapshot: () => {
    throw new Error('An observer has no state.');
  },
  restore: () => {},
};
