export type { Chance } from '../chance.ts';
export {
  defaultTemper,
  HostileCluster,
  type HostileOptions,
  type Temper,
} from './hostile-cluster.ts';
export { HostileNode, type LifeState } from './hostile-node.ts';
