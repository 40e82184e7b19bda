/** What participants keep of what they received, for the comparison at the end. */
import { crc32 } from 'node:zlib';

/** What the comparison needs of an event; those of the client package are of this form. */
export type Event =
  | { readonly kind: 'bcast'; readonly senderId: string; readonly data: Uint8Array }
  | {
      readonly kind: 'new_member' | 'renamed_member';
      readonly clientId: string;
      readonly name: string;
    }
  | { readonly kind: 'disconnected_member' | 'rejoined_member'; readonly clientId: string }
  | { readonly kind: 'non_member'; readonly clientId: string; readonly cause: string }
  | {
      readonly kind:
        | 'obj_state'
        | 'group_state'
        | 'lock_granted'
        | 'lock_released'
        | 'properties'
        | 'group_deleted';
    };

/** One delivery; `digest` is equal for equal events. */
export type Received = { readonly seq: number; readonly digest: number };

/** One membership of a person, from joining to leaving. */
export type Stay = {
  /** Global id of the state that the person started from. */
  readonly joinedAt: number;
  readonly received: readonly Received[];
  /** The connection was away while the person left, who did not come back for what was missed. */
  readonly leftAway: boolean;
};

export type Participant = {
  readonly clientId: string;
  readonly stays: readonly Stay[];
  /** Still a member at the end. */
  readonly present: boolean;
};

/** A delivery as the log has it. */
export type Logged = Received & { readonly events: readonly Event[] };

export function digestOf(events: readonly Event[]): number {
  return crc32(JSON.stringify(events, (_, value) => (isBytes(value) ? [...value] : value)));
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}
