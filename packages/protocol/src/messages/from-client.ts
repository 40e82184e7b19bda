/** Messages from client to server. Tags are the wire numbers; never reuse one. */
import {
  blob,
  choice,
  clientId,
  displayName,
  groupName,
  list,
  natural,
  objectId,
  optional,
  record,
  text,
  union,
} from '../codec/index.ts';
import { limits } from '../limits.ts';
import { position } from './event.ts';
import { submission } from './submission.ts';

/** A group to join. `created` and `after` are given when the client resumes where it was. */
export const joinTarget = record({
  group: groupName,
  name: displayName,
  created: natural,
  after: optional(position),
});

export const fromClient = union({
  /**
   * First message of a connection. Without `clientId` the server issues one. The secret is chosen by
   * the client, at random, before its first hello, and proves the identity at every later one.
   */
  hello: [
    1,
    record({
      version: natural,
      clientId: optional(clientId),
      secret: blob(limits.secretBytes),
      agent: text(limits.agentBytes),
    }),
  ],
  submit: [2, submission],
  /** Joins all the groups at one position, or none. Answered by a block for each group. */
  join: [3, record({ requestId: natural, groups: list(joinTarget, limits.joinGroups) })],
  /**
   * Follows a group without joining it: its membership only, or everything. `after` asks for what
   * came after a position; without it the stream begins at the present.
   */
  watch: [
    4,
    record({
      requestId: natural,
      group: groupName,
      scope: choice(['members', 'everything']),
      created: natural,
      after: optional(position),
    }),
  ],
  unwatch: [5, record({ group: groupName })],
  /** The present state of a group, or of the objects named; no membership needed. */
  read_state: [
    6,
    record({ requestId: natural, group: groupName, objects: list(objectId, limits.readObjects) }),
  ],
  /** A message without order, log or promise: cursors, typing. */
  volatile: [7, record({ group: groupName, data: blob(limits.messageBytes) })],
  status: [8, record({ requestId: natural })],
  ping: [9, record({ nonce: natural })],
  /** The client goes away for now; it stays a (disconnected) member of its groups. */
  bye: [10, record({})],
  /**
   * Says on whose behalf the client acts: a token that the server can verify. Before hello, and again
   * whenever there is a newer one. Answered by `authorized`, or by the end of the connection.
   */
  credentials: [11, record({ token: text(limits.tokenBytes) })],
});
