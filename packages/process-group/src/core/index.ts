export * from './blocks/lock-state.ts';
export * from './blocks/map-state.ts';
export { type CoreOptions, GroupCore } from './core.ts';
export type { CoreEffect, Reply, Submission } from './effects.ts';
export * from './limits.ts';
export type { GroupView, Member } from './member.ts';
export { type Addressees, type RefusalReason, toolkitVersion } from './message.ts';
export type { Need } from './questions.ts';
export { type Replica, Replicas } from './replicas.ts';
