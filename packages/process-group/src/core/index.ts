export {
  type ConnectionLimits,
  connectionLimits,
} from './blocks/connection-limits.ts';
export {
  type ConnectionMessage,
  callBytesMax,
  closingsUnknown,
  connectionBytesMax,
  decodeConnectionMessage,
  encodeConnectionMessage,
} from './blocks/connection-message.ts';
export { type ConnectionEffect, ConnectionReplica } from './blocks/connection-replica.ts';
export type { Reply as ConnectionReply } from './blocks/connection-state.ts';
export * from './blocks/election-state.ts';
export * from './blocks/lock-state.ts';
export * from './blocks/map-state.ts';
export type { Service, ServiceRequest, StatefulService } from './blocks/service.ts';
export { decode, isOfApplication } from './codec.ts';
export { type CoreOptions, GroupCore } from './core.ts';
export type { PieceSizes } from './cutting.ts';
export { type Digest, digestsOf } from './digests.ts';
export type { CoreEffect, Reply, Submission } from './effects.ts';
export * from './limits.ts';
export type { GroupView, Member } from './member.ts';
export { type Addressees, type RefusalReason, toolkitVersion } from './message.ts';
export { Outflow, type Outlet, type Say, type Waiter } from './outflow.ts';
export type { Need } from './questions.ts';
export { type Replica, Replicas } from './replicas.ts';
