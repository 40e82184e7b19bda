export {
  type ClusterKey,
  DriverError,
  type DriverErrorCode,
  type GroupStatistics,
  type HostOptions,
  type NetworkOptions,
  readKeys,
  type Statistics,
} from '@choir/drivers';
export type { GroupCounters, ProcessorId, Settings } from '@choir/ftmp';
export type { Block } from './blocks/block.ts';
export { Connections } from './blocks/connections.ts';
export { Election, type Leadership } from './blocks/election.ts';
export { FencedLocks, type Lock } from './blocks/fenced-locks.ts';
export { type Change, type Entry, ReplicatedMap } from './blocks/replicated-map.ts';
export type {
  GroupView,
  Member,
  Need,
  Replica,
  Reply,
  Service,
  ServiceRequest,
  StatefulService,
} from './core/index.ts';
export { memberText, ProcessGroup } from './group/process-group.ts';
export type {
  DeliveryKind,
  LeaveOptions,
  MulticastOptions,
  RequestOptions,
  SendOptions,
  StatisticsOptions,
  To,
} from './group/saying.ts';
export { GroupError, type GroupErrorCode } from './group-error.ts';
export { type JoinGroupOptions, joinGroup } from './local/join-group.ts';
export type { Answerer, Request } from './member/answerer.ts';
export type { Departure } from './member/departure.ts';
export type { GroupEvent, GroupMessage } from './member/event.ts';
export type { MemberStatistics } from './statistics/member-statistics.ts';
export type { StatisticsReply } from './statistics/statistics-reply.ts';
export type { JoinOptions } from './transport/join-options.ts';
export { Transport } from './transport/transport.ts';
export type { ProcessOptions, TransportOptions } from './transport/transport-options.ts';
