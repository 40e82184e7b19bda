/** From an event of the protocol to an event of a trace. */
import type { Event } from '@choir/protocol';
import type { GroupEvent } from '@choir/testkit/checkers';
import { payloadText } from './payload.ts';

export function recorded(event: Event): GroupEvent {
  switch (event.kind) {
    case 'bcast': {
      const { senderId: sender, localId, exclusive, data } = event;
      return { event: 'bcast', sender, localId, exclusive, data: payloadText(data) };
    }
    case 'obj_state': {
      const { senderId: sender, localId, object, update, data } = event;
      return { event: 'obj_state', sender, localId, object, update, data: payloadText(data) };
    }
    case 'group_state': {
      const { senderId: sender, localId } = event;
      const objects = event.objects.map(({ object }) => object);
      const contents = event.objects.map(({ data }) => payloadText(data));
      return { event: 'group_state', sender, localId, objects, contents };
    }
    case 'lock_granted': {
      const { senderId: sender, localId, lockSet, objects, graceMs } = event;
      return { event: 'lock_granted', sender, localId, lockSet, objects, graceMs };
    }
    case 'lock_released': {
      const { senderId: sender, lockSet, objects, whole, cause, by = '', localId = 0 } = event;
      return { event: 'lock_released', sender, lockSet, objects, whole, cause, by, localId };
    }
    case 'new_member':
      return { event: 'new_member', client: event.clientId, name: event.name };
    case 'disconnected_member':
    case 'rejoined_member':
      return { event: event.kind, client: event.clientId };
    case 'non_member': {
      const { clientId: client, cause, localId } = event;
      return { event: 'non_member', client, cause, localId: localId ?? 0 };
    }
    case 'renamed_member': {
      const { clientId: client, localId, name } = event;
      return { event: 'renamed_member', client, localId: localId ?? 0, name };
    }
    case 'properties': {
      const { senderId: sender, localId, properties } = event;
      const names = properties.map(({ name }) => name);
      const values = properties.map(({ value }) => value);
      return { event: 'properties', sender, localId, names, values };
    }
    case 'group_deleted':
      return { event: 'group_deleted', sender: event.senderId, localId: event.localId };
    default:
      return event satisfies never;
  }
}
