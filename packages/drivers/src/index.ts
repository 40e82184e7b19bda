export { apart } from './apart.ts';
export { now } from './clock.ts';
export { DriverError, type DriverErrorCode } from './driver-error.ts';
export { type ClusterKey, readKeys } from './keys.ts';
export type { Delivery } from './processor/deliveries.ts';
export type { EventQueue } from './processor/event-queue.ts';
export type { GroupEvent, Listener, MessageEvent } from './processor/group-event.ts';
export {
  type JoinOptions,
  messageBytesMax,
  ProcessorHost,
  type SendOptions,
} from './processor/host.ts';
export type { HostOptions } from './processor/options.ts';
export type { GroupStatistics, Statistics } from './processor/statistics.ts';
export type { Occurrence } from './processor/thread-message.ts';
export type { MulticastOptions, NetworkOptions, UnicastOptions } from './udp/network.ts';
