/**
 * Submissions: what a client asks to be done to a group, exactly once. Each carries its local id and
 * the local id of its predecessor in the same chain (one chain per client and group name).
 */
import {
  blob,
  clientId,
  displayName,
  flag,
  groupName,
  list,
  localIdCodec,
  lockSetIdCodec,
  natural,
  objectId,
  record,
  text,
  union,
} from '../codec/index.ts';
import { limits } from '../limits.ts';
import { objectIdList, objectState, propertyList, updateKind } from './event.ts';

/**
 * One part of a message. `base` is the `seq` of the last delivery that the writer had applied in
 * that group when it wrote; `fence` is the lock set that it held on the object, 0 for none.
 */
export const part = union({
  bcast: [1, record({ group: groupName, exclusive: flag, data: blob(limits.messageBytes) })],
  obj_state: [
    2,
    record({
      group: groupName,
      object: objectId,
      update: updateKind,
      base: natural,
      fence: natural,
      data: blob(limits.messageBytes),
    }),
  ],
  group_state: [
    3,
    record({
      group: groupName,
      base: natural,
      objects: list(objectState, limits.checkpointObjects),
    }),
  ],
});

export const submissionBody = union({
  /** All parts take effect at one position, or none does. Their groups must be related. */
  message: [1, record({ parts: list(part, limits.parts) })],
  /** All objects or none. With `wait` it queues until it can be granted. */
  lock_request: [2, record({ objects: objectIdList, wait: flag, graceMs: natural })],
  /** Gives up `objects` of a lock set; an empty list gives up the whole set. */
  lock_release: [3, record({ lockSet: lockSetIdCodec, objects: objectIdList })],
  /** Ends the waiting of the lock request with that local id. */
  lock_cancel: [4, record({ request: localIdCodec })],
  /** Takes a lock set from its holder (authorised clients). */
  lock_break: [5, record({ lockSet: lockSetIdCodec, reason: text(limits.reasonBytes) })],
  leave: [6, record({})],
  rename: [7, record({ name: displayName })],
  /** Sets properties; an empty value removes one. */
  properties: [8, record({ properties: propertyList })],
  /** Creates the group with its attributes; refused when it exists. */
  create: [9, record({ stateful: flag, absenceMs: natural, properties: propertyList })],
  /** Deletes the group with its state and its log (authorised clients). */
  delete: [10, record({})],
});

export const submission = record({
  group: groupName,
  localId: localIdCodec,
  /** 0 when this is the first of the chain. */
  previous: natural,
  body: submissionBody,
});

/** A holder that stands in the way of a lock request. */
export const holder = record({ object: objectId, clientId, waiting: flag });
export const holderList = list(holder, limits.lockSetObjects);
export const refusalText = text(limits.explanationBytes);
