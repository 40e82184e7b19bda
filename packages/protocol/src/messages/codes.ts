/**
 * Every code that a client can receive, with what it means and what to do. Codes are stable: they are
 * part of the protocol, of the JSON output and of the documentation (a test compares the tables).
 */
export const codes = {
  // Refused before ordering: nothing was logged.
  MALFORMED: 'The frame is not a message of this protocol.',
  TOO_LARGE: 'A frame, payload or list is larger than the limit.',
  BAD_NAME: 'A group, object, client or display name breaks the rules.',
  VERSION: 'Client and server have no protocol version in common.',
  NO_HELLO: 'The first message of a connection must be hello.',
  ALREADY_ATTACHED: 'This connection has said hello already.',
  WINDOW: 'Too many unsettled submissions.',
  LIMIT: 'A limit of the server is reached.',
  CROSS_SHARD: 'The groups are not related: their names differ before the first slash.',
  UNKNOWN_POSITION: 'The position does not exist here.',
  NOT_WRITABLE: 'The server cannot log messages now.',
  // Decided at the position where the submission was ordered.
  NOT_A_MEMBER: 'The sender is not a member of the group.',
  NO_GROUP: 'There is no such group.',
  GROUP_EXISTS: 'The group exists already.',
  STATELESS: 'The group has no state.',
  FORBIDDEN: 'The client is not allowed to do this.',
  LOCKED: 'Another client holds a lock on the object.',
  LOCK_DENIED: 'An object of the lock set is locked or waited for.',
  NO_LOCK: 'The client does not hold this lock set.',
  STALE_FENCE: 'The lock set that the write names is no longer held.',
  CONFLICT: 'The lock of the object changed hands after the write was made.',
  CHECKPOINTED: 'The state of the group was replaced after the write was made.',
  WAIT_ENDED: 'The lock request no longer waits.',
  ID_REUSED: 'The local id was used before, with other content.',
  FORGOTTEN: 'The outcome is too old to be known.',
  // About the identity and the connection.
  UNAUTHORIZED: 'The server asks for credentials that hold, and these do not.',
  CREDENTIALS_EXPIRED: 'The credentials have expired.',
  WRONG_SECRET: 'The client id belongs to another client.',
  EXPIRED: 'The client id was retired after a long absence.',
  SUPERSEDED: 'A newer session of the same client took over.',
  SHUTDOWN: 'The server is shutting down.',
  STORAGE: 'The server cannot store messages any more.',
  IDLE: 'Nothing was heard from the client for too long.',
  TOO_SLOW: 'The client did not read for too long.',
} as const;

export type Code = keyof typeof codes;
