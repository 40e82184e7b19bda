export { type ClientCode, clientCodes } from './client-codes.ts';
export type {
  Command,
  CommandResult,
  OutgoingPart,
  Scope,
  SubmissionCommand,
  Wanted,
} from './commands.ts';
export type { ConnectionState } from './connection.ts';
export type { Copy } from './copy.ts';
export type { Effect, OutboxRecord } from './effects.ts';
export type { GroupState, ServerStatus, SessionEvent, Withdrawn } from './events.ts';
export type { Followed, Phase } from './followed.ts';
export type { Lock, LockCause, LockState } from './lock.ts';
export type { Objects, Update } from './objects.ts';
export { Session } from './session.ts';
export type { SessionOptions } from './session-options.ts';
