/** Events of a group as JSON objects. The names are stable (`docs/cli.md`). */
import type { Delivery, Event } from '@choir/client';
import { jsonData } from './json-data.ts';
import type { Names } from './names.ts';
import type { Record } from './output.ts';

/** Where and when it happened. */
export type Place = Pick<Delivery, 'group' | 'globalId' | 'epoch' | 'time'>;

export function eventRecord(event: Event, where: Place, names: Names): Record {
  const { group, globalId, epoch, time } = where;
  const place = { group, globalId, epoch, time: time.getTime(), kind: event.kind };
  switch (event.kind) {
    case 'bcast': {
      const { senderId, localId, data } = event;
      const name = names.get(senderId);
      return { type: 'message', ...place, senderId, localId, name, data: jsonData(data) };
    }
    case 'obj_state': {
      const { senderId, localId, object, update, data } = event;
      const name = names.get(senderId);
      const what = { name, object, update, data: jsonData(data) };
      return { type: 'message', ...place, senderId, localId, ...what };
    }
    case 'group_state': {
      const { senderId, localId } = event;
      const objects = event.objects.map(({ object, data }) => ({ object, data: jsonData(data) }));
      return { type: 'message', ...place, senderId, localId, name: names.get(senderId), objects };
    }
    case 'lock_granted': {
      const { senderId, localId, lockSet, objects, graceMs } = event;
      const what = { name: names.get(senderId), status: 'held', fence: lockSet, objects, graceMs };
      return { type: 'lock', ...place, senderId, localId, ...what };
    }
    case 'lock_released': {
      const { senderId, localId, lockSet, objects, whole, cause, by, reason } = event;
      const what = { name: names.get(senderId), status: 'released', fence: lockSet, objects };
      return { type: 'lock', ...place, senderId, localId, ...what, whole, cause, by, reason };
    }
    case 'new_member':
    case 'disconnected_member':
    case 'rejoined_member':
    case 'renamed_member':
    case 'non_member':
      return { type: 'member', ...place, ...membership(event, names) };
    case 'properties': {
      const { senderId, localId, properties } = event;
      return { type: 'properties', ...place, senderId, localId, properties };
    }
    case 'group_deleted': {
      const { senderId, localId } = event;
      return { type: 'group', ...place, senderId, localId, status: 'deleted' };
    }
    default:
      return event satisfies never;
  }
}

type Membership = Extract<Event, { readonly kind: `${string}_member` }>;

function membership(event: Membership, names: Names): object {
  const senderId = event.clientId;
  const known = names.get(senderId);
  switch (event.kind) {
    case 'new_member':
      return { senderId, name: event.name, status: 'member' };
    case 'renamed_member':
      return { senderId, name: event.name, before: known, status: 'member' };
    case 'rejoined_member':
      return { senderId, name: known, status: 'member' };
    case 'disconnected_member':
      return { senderId, name: known, status: 'disconnected_member' };
    case 'non_member':
      return { senderId, name: known, status: 'non_member', cause: event.cause };
    default:
      return event satisfies never;
  }
}
