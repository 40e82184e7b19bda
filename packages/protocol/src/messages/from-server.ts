/** Messages from server to client. Tags are the wire numbers; never reuse one. */
import {
  blob,
  choice,
  clientId,
  displayName,
  flag,
  groupName,
  list,
  localIdCodec,
  lockSetIdCodec,
  natural,
  objectId,
  optional,
  record,
  sessionIdCodec,
  text,
  union,
} from '../codec/index.ts';
import { limits } from '../limits.ts';
import { delivery, objectIdList, position, propertyList, updateKind } from './event.ts';
import { holderList, refusalText } from './submission.ts';

export const memberInfo = record({
  clientId,
  name: displayName,
  status: choice(['member', 'disconnected_member']),
});

export const lockInfo = record({
  senderId: clientId,
  /** The request that it was granted to. */
  localId: localIdCodec,
  lockSet: lockSetIdCodec,
  objects: objectIdList,
  graceMs: natural,
});

/** `at` is the `seq` of the entry that made the update. */
export const objectUpdate = record({
  object: objectId,
  update: updateKind,
  at: natural,
  data: blob(limits.messageBytes),
});

export const fromServer = union({
  welcome: [
    1,
    record({
      version: natural,
      clientId,
      session: sessionIdCodec,
      head: position,
      /** The client sends a ping when it heard nothing for this long, milliseconds. */
      heartbeatMs: natural,
      /** Largest payload that this server takes, bytes. */
      messageBytes: natural,
    }),
  ],
  /** Last message of a connection that the server ends. `retryAfterMs` absent: do not come back. */
  goodbye: [
    2,
    record({ code: text(limits.codeBytes), message: refusalText, retryAfterMs: optional(natural) }),
  ],
  delivery: [3, delivery],
  /** The submission took effect (paper §7.1). Sent when its delivery does not come to its sender. */
  ack: [4, record({ group: groupName, senderId: clientId, localId: localIdCodec, at: position })],
  /** The lock request waits; `lock_granted` will follow. */
  waiting: [
    5,
    record({ group: groupName, localId: localIdCodec, at: position, holders: holderList }),
  ],
  /** The submission was decided against. `at` is absent when it was refused before it was ordered. */
  refused: [
    6,
    record({
      group: groupName,
      localId: localIdCodec,
      at: optional(position),
      code: text(limits.codeBytes),
      message: refusalText,
      holders: holderList,
    }),
  ],
  /** Submissions to this group are missing: the last one settled is `mark`; send again from there. */
  resend: [7, record({ group: groupName, mark: natural })],
  /** The join (or watch, or read) cannot be done. */
  request_refused: [
    8,
    record({ requestId: natural, code: text(limits.codeBytes), message: refusalText }),
  ],
  /**
   * The client rejoins: its deliveries after `after` follow, up to `resume_end`. `at` is the position
   * of the join itself. The same block answers a watch that named a position.
   */
  resume_begin: [
    9,
    record({
      requestId: natural,
      group: groupName,
      created: natural,
      at: position,
      after: position,
      mark: natural,
    }),
  ],
  resume_end: [10, record({ requestId: natural, group: groupName, at: position })],
  /**
   * State as of `at` follows, in `transfer_objects`, up to `transfer_end`. Answers a first join, a
   * join whose position could not be resumed (`gap`), a watch from the present and a read.
   */
  transfer_begin: [
    11,
    record({
      requestId: natural,
      purpose: choice(['join', 'watch', 'read']),
      group: groupName,
      /** 0 when there is no such group (watch, read). */
      created: natural,
      at: position,
      gap: flag,
      mark: natural,
      stateful: flag,
      absenceMs: natural,
      properties: propertyList,
      members: list(memberInfo, limits.members),
      locks: list(lockInfo, limits.locks),
    }),
  ],
  /** Updates of objects in the order in which they were made; their content is the fold of these. */
  transfer_objects: [
    12,
    record({
      requestId: natural,
      group: groupName,
      updates: list(objectUpdate, limits.checkpointObjects),
    }),
  ],
  transfer_end: [13, record({ requestId: natural, group: groupName, at: position })],
  volatile: [
    14,
    record({
      group: groupName,
      after: natural,
      senderId: clientId,
      data: blob(limits.messageBytes),
    }),
  ],
  status: [
    15,
    record({
      requestId: natural,
      writable: flag,
      why: refusalText,
      head: position,
      groups: natural,
      clients: natural,
      connections: natural,
      uptimeMs: natural,
      version: text(limits.agentBytes),
    }),
  ],
  pong: [16, record({ nonce: natural })],
  /** The credentials hold, for this subject and from now on for so long. */
  authorized: [17, record({ subject: text(limits.subjectBytes), expiresInMs: natural })],
});
