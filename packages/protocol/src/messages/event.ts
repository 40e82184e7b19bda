/**
 * Events: what the members of a group receive, in the order of the log. One ordered entry gives one
 * `delivery` per group concerned, with one or more events, taken whole or not at all.
 */
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
  text,
  union,
} from '../codec/index.ts';
import { limits } from '../limits.ts';

export const property = record({
  name: text(limits.propertyNameBytes),
  value: text(limits.propertyValueBytes),
});
export const propertyList = list(property, limits.properties);
export const objectIdList = list(objectId, limits.lockSetObjects);
export const objectState = record({ object: objectId, data: blob(limits.messageBytes) });

/** INC appends to an object, NEW replaces it (paper §3.2). */
export const updateKind = choice(['INC', 'NEW']);

export const event = union({
  /** Tags are the wire numbers; never reuse one. */
  bcast: [
    1,
    record({
      senderId: clientId,
      localId: localIdCodec,
      exclusive: flag,
      data: blob(limits.messageBytes),
    }),
  ],
  obj_state: [
    2,
    record({
      senderId: clientId,
      localId: localIdCodec,
      object: objectId,
      update: updateKind,
      data: blob(limits.messageBytes),
    }),
  ],
  group_state: [
    3,
    record({
      senderId: clientId,
      localId: localIdCodec,
      objects: list(objectState, limits.checkpointObjects),
    }),
  ],
  lock_granted: [
    4,
    record({
      senderId: clientId,
      localId: localIdCodec,
      lockSet: lockSetIdCodec,
      objects: objectIdList,
      graceMs: natural,
    }),
  ],
  /** `senderId` is the former holder; `objects` are those released; `whole` when nothing is left. */
  lock_released: [
    5,
    record({
      senderId: clientId,
      lockSet: lockSetIdCodec,
      objects: objectIdList,
      whole: flag,
      cause: choice(['released', 'grace_expired', 'broken', 'left']),
      by: optional(clientId),
      localId: optional(localIdCodec),
      reason: optional(text(limits.reasonBytes)),
    }),
  ],
  new_member: [6, record({ clientId, name: displayName })],
  disconnected_member: [7, record({ clientId })],
  rejoined_member: [8, record({ clientId })],
  non_member: [
    9,
    record({
      clientId,
      cause: choice(['left', 'timeout', 'forgotten']),
      localId: optional(localIdCodec),
    }),
  ],
  /** Without `localId` when the member came back under another name. */
  renamed_member: [10, record({ clientId, localId: optional(localIdCodec), name: displayName })],
  properties: [11, record({ senderId: clientId, localId: localIdCodec, properties: propertyList })],
  group_deleted: [12, record({ senderId: clientId, localId: localIdCodec })],
});

export const position = record({ epoch: natural, seq: natural });

/** `time`: milliseconds since 1970 when the entry was ordered; for display only (DESIGN O3). */
export const delivery = record({
  group: groupName,
  at: position,
  time: natural,
  events: list(event, limits.eventsPerDelivery),
});
