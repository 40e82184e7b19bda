/** An event of a group in a trace: the paper's messages, flat. Empty text or 0 means: absent. */

export type GroupEvent =
  | {
      readonly event: 'bcast';
      readonly sender: string;
      readonly localId: number;
      readonly exclusive: boolean;
      readonly data: string;
    }
  | {
      readonly event: 'obj_state';
      readonly sender: string;
      readonly localId: number;
      readonly object: string;
      readonly update: string;
      readonly data: string;
    }
  | {
      readonly event: 'group_state';
      readonly sender: string;
      readonly localId: number;
      readonly objects: readonly string[];
      readonly contents: readonly string[];
    }
  | {
      readonly event: 'lock_granted';
      readonly sender: string;
      readonly localId: number;
      readonly lockSet: number;
      readonly objects: readonly string[];
      readonly graceMs: number;
    }
  | {
      readonly event: 'lock_released';
      /** The former holder. */
      readonly sender: string;
      readonly lockSet: number;
      readonly objects: readonly string[];
      readonly whole: boolean;
      readonly cause: string;
      readonly by: string;
      readonly localId: number;
    }
  | { readonly event: 'new_member'; readonly client: string; readonly name: string }
  | { readonly event: 'disconnected_member' | 'rejoined_member'; readonly client: string }
  | {
      readonly event: 'non_member';
      readonly client: string;
      readonly cause: string;
      readonly localId: number;
    }
  | {
      readonly event: 'renamed_member';
      readonly client: string;
      readonly localId: number;
      readonly name: string;
    }
  | {
      readonly event: 'properties';
      readonly sender: string;
      readonly localId: number;
      readonly names: readonly string[];
      readonly values: readonly string[];
    }
  | { readonly event: 'group_deleted'; readonly sender: string; readonly localId: number };

export type Submitted = { readonly client: string; readonly localId: number };

/** The submission that an event is the effect of; null for those that the server caused. */
export function causeOf(event: GroupEvent): Submitted | null {
  switch (event.event) {
    case 'bcast':
    case 'obj_state':
    case 'group_state':
    case 'lock_granted':
    case 'properties':
    case 'group_deleted':
      return { client: event.sender, localId: event.localId };
    case 'lock_released':
      return event.localId === 0 ? null : { client: event.by, localId: event.localId };
    case 'non_member':
      return event.localId === 0 ? null : { client: event.client, localId: event.localId };
    case 'renamed_member':
      return event.localId === 0 ? null : { client: event.client, localId: event.localId };
    default:
      return null;
  }
}

/** What those are sent who follow the membership only: also that there is no group any more. */
export function isMembership(event: GroupEvent): boolean {
  switch (event.event) {
    case 'new_member':
    case 'disconnected_member':
    case 'rejoined_member':
    case 'non_member':
    case 'renamed_member':
    case 'group_deleted':
      return true;
    default:
      return false;
  }
}

/** All of an event, to tell whether two are the same. */
export function eventText(event: GroupEvent): string {
  const text = `${event.event} `;
  switch (event.event) {
    case 'bcast':
      return `${text}${event.sender} ${event.localId} ${event.exclusive} ${event.data}`;
    case 'obj_state':
      return `${text}${event.sender} ${event.localId} ${event.object} ${event.update} ${event.data}`;
    case 'group_state':
      return `${text}${event.sender} ${event.localId} ${event.objects} ${event.contents}`;
    case 'lock_granted':
      return `${text}${event.sender} ${event.localId} ${event.lockSet} ${event.objects} ${event.graceMs}`;
    case 'lock_released':
      return `${text}${event.sender} ${event.lockSet} ${event.objects} ${event.whole} ${event.cause} ${event.by} ${event.localId}`;
    case 'new_member':
      return `${text}${event.client} ${event.name}`;
    case 'disconnected_member':
    case 'rejoined_member':
      return `${text}${event.client}`;
    case 'non_member':
      return `${text}${event.client} ${event.cause} ${event.localId}`;
    case 'renamed_member':
      return `${text}${event.client} ${event.localId} ${event.name}`;
    case 'properties':
      return `${text}${event.sender} ${event.localId} ${event.names} ${event.values}`;
    case 'group_deleted':
      return `${text}${event.sender} ${event.localId}`;
    default:
      return event satisfies never;
  }
}
