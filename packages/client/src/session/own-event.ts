/** Recognising what this client itself caused. */
import type { ClientId, Event, LocalId } from '@choir/protocol';

/** Local id of the own submission that caused the event; null when another did. */
export function ownLocalId(event: Event, me: ClientId): LocalId | null {
  switch (event.kind) {
    case 'bcast':
    case 'obj_state':
    case 'group_state':
    case 'lock_granted':
    case 'properties':
    case 'group_deleted':
      return event.senderId === me ? event.localId : null;
    case 'lock_released':
      return (event.by ?? event.senderId) === me ? (event.localId ?? null) : null;
    case 'renamed_member':
    case 'non_member':
      return event.clientId === me ? (event.localId ?? null) : null;
    case 'new_member':
    case 'disconnected_member':
    case 'rejoined_member':
      return null;
    default:
      return event satisfies never;
  }
}

/** The sender of a sender-exclusive message does not receive it (paper §2). */
export function isHidden(event: Event, me: ClientId): boolean {
  return event.kind === 'bcast' && event.exclusive && event.senderId === me;
}
