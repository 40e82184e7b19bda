/**
 * Codes that the client itself gives, beside those of the protocol (`codes` of `@choir/protocol`).
 * They are stable in the same way.
 */
export const clientCodes = {
  CLOSED: 'The client was closed.',
  OUTBOX_FULL: 'Too much waits to be sent; the message was not taken.',
  TOO_MANY_REQUESTS: 'Too many requests wait for an answer; this one was not taken.',
  TOO_LARGE: 'The message is larger than the server takes; it was not sent.',
  MALFORMED: 'The command breaks a limit of the protocol; it was not taken.',
  CROSS_SHARD: 'The groups are not related: their names differ before the first slash.',
  NOT_A_MEMBER: 'The group has not been joined.',
  ALREADY_FOLLOWED: 'The group is followed already, in another way.',
  WITHDRAWN_CONFLICT: 'An object was locked by another while the client was away.',
  WITHDRAWN_DISCARDED: 'The message was discarded with others, by a conflict or a checkpoint.',
  LOST: 'The lock ended.',
  LEFT: 'The client left the group, or the group was deleted.',
  ABORTED: 'The caller gave up.',
  TIMEOUT: 'It took longer than the caller would wait.',
  BEHIND: 'The reader of a sequence of messages fell too far behind.',
  IDENTITY: 'The client id or secret does not fit.',
  TOKEN: 'The token is none.',
  NO_WEBSOCKET: 'This runtime has no WebSocket.',
  OUTBOX_FAILED: 'The stored outbox cannot store any more.',
  OUTBOX_QUOTA: 'There is no more room for the stored outbox.',
  OUTBOX_UNAVAILABLE: 'An outbox cannot be stored here.',
  OUTBOX_IN_USE: 'The stored outbox belongs to another process or page.',
  OUTBOX_DAMAGED: 'The stored outbox cannot be read.',
} as const;

/** One of the codes of `clientCodes`. */
export type ClientCode = keyof typeof clientCodes;
