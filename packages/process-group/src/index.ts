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
export type { Departure } from './departure.ts';
export type { GroupEvent, GroupMessage } from './event.ts';
export { GroupError, type GroupErrorCode } from './group-error.ts';
export { type JoinGroupOptions, joinGroup } from './local/join-group.ts';
export type { Answerer, JoinOptions, Request, To } from './options.ts';
export {
  type DeliveryKind,
  type MulticastOptions,
  memberText,
  ProcessGroup,
  type RequestOptions,
  type SendOptions,
} from './process-group.ts';
export type { MemberStatistics } from './statistics/member-statistics.ts';
export type { StatisticsReply } from './statistics/statistics-reply.ts';
export { Transport, type TransportOptions } from './transport.ts';
