export type { Code, Event, Holder } from '@choir/protocol';
export { ChoirError, type ErrorCode } from './choir-error.ts';
export { Client, type CreateOptions } from './client.ts';
export type { ClientEvents, ConnectionInfo } from './client-events.ts';
export { type ConnectOptions, connect } from './connect.ts';
export { type Data, text } from './data.ts';
export type { Delivery, Feed, FeedEvents, MessagesOptions, Rejoined } from './feed.ts';
export { type BroadcastOptions, Group } from './group.ts';
export type { JoinOptions } from './joining.ts';
export type { WebSocketConstructor, WebSocketLike } from './link.ts';
export type { Unsubscribe } from './listeners.ts';
export type { LockOptions } from './lock-desk.ts';
export { Lock, type LockDoubt, type LockEnd, type LockEvents } from './lock-handle.ts';
export type { LockChange, LockSet, Member, MembershipChange } from './members.ts';
export type { Message } from './message.ts';
export type { MessageSequence } from './message-sequence.ts';
export {
  type Identity,
  MemoryOutbox,
  type OutboxStore,
  type StoredOutbox,
} from './outbox-store.ts';
export type { GroupPart, Objects, Part } from './parts.ts';
export {
  type ClientCode,
  type ConnectionState,
  clientCodes,
  type GroupState,
  type OutboxRecord,
  type ServerStatus,
  type Update,
  type Withdrawn,
} from './session/index.ts';
export type { Settled, Withdrawal } from './settlements.ts';
export { SharedObject } from './shared-object.ts';
export type { TokenSource } from './token.ts';
export { type Cursor, Watch, type WatchOptions } from './watch.ts';
