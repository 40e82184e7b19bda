export { type ConnectionId, connectionText, type ObjectGroup } from './connection-id.ts';
export type {
  Announce,
  Confirmation,
  Connect,
  ConnectRequest,
  Heartbeat,
  Join,
  Refuse,
} from './control.ts';
export { aheadMax, confirmationBytes, heartbeatBytes } from './control.ts';
export { counterMax, wholeCounter } from './counters.ts';
export { type HeldMark, type Mark, membersMax } from './fields.ts';
export {
  asRetransmission,
  datagramBytesMax,
  type Header,
  headerBytes,
  readHeader,
} from './header.ts';
export type {
  Acceptance,
  AddProcessor,
  Member,
  Membership,
  Newcomer,
  Stage,
  Successor,
} from './membership.ts';
export { type Body, type BodyOf, decode, type Envelope, encode, type Message } from './message.ts';
export { type BodyRecord, bodyRecord, type Plain } from './record.ts';
export { isRefusal, type Refusal, type RefusalCode, refusalCodes } from './refusal.ts';
export { type Part, partBytes, partsIn, pieceBytes, type Request } from './regular.ts';
export { type MessageTypeName, messageTypes, type Service, services } from './services.ts';
export { sliceBytes, slicesOf } from './slice.ts';
