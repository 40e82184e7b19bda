/** What members say to each other, in the order of FTMP. Their bytes are in `codec.ts`. */
import type { ProcessorId, ViewId } from '@choir/ftmp';

/** What speaks another version is not admitted. */
export const toolkitVersion = 1;

/** Who a message or a request is for. */
export type Addressees = 'all' | 'others' | readonly ProcessorId[];

/** Why somebody is not admitted, or does not get the state. */
export const refusalReasons = ['label-taken', 'version', 'name', 'full', 'state-refused'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Why a joiner wants another marker. */
export const wantedReasons = ['overflow', 'silent', 'garbled', 'rejected'] as const;
export type WantedReason = (typeof wantedReasons)[number];

export type Message =
  /** Asks to be admitted, in this view of FTMP; said again in each until the state is there, by observers also in those without a holder. */
  | {
      readonly kind: 'hello';
      readonly version: number;
      readonly view: ViewId;
      readonly name: string;
      readonly label: string;
      /** It keeps no state, and needs none (O3). */
      readonly observes: boolean;
    }
  /** `version`: the group's. */
  | {
      readonly kind: 'refusal';
      readonly to: ProcessorId;
      readonly reason: RefusalReason;
      readonly version: number;
    }
  /** The sender provides the state as it is at this place in the order. */
  | { readonly kind: 'marker'; readonly transfer: number; readonly to: readonly ProcessorId[] }
  | { readonly kind: 'piece'; readonly transfer: number; readonly bytes: Uint8Array }
  /** The next pieces are among those that all whom the transfer is for said they have: their digests. */
  | { readonly kind: 'same'; readonly transfer: number; readonly bytes: Uint8Array }
  /** All pieces were sent: the CRC-32 of all of them, and the roll at the marker. */
  | {
      readonly kind: 'whole';
      readonly transfer: number;
      readonly sum: number;
      readonly roll: Uint8Array;
    }
  /** The sender has pieces with these digests, of transfers that broke off; said to the provider of this one (T5). */
  | {
      readonly kind: 'has';
      readonly provider: ProcessorId;
      readonly transfer: number;
      readonly bytes: Uint8Array;
    }
  /** The sender cannot provide the state. */
  | { readonly kind: 'failed'; readonly transfer: number }
  /** The sender lacks the state no more. */
  | { readonly kind: 'held' }
  /** The sender wants another marker: after an overflow from the same provider, else from the next. Null: of whoever should have sent one. */
  | {
      readonly kind: 'wanted';
      readonly provider: ProcessorId | null;
      readonly reason: WantedReason;
    }
  | { readonly kind: 'multicast'; readonly channel: string; readonly bytes: Uint8Array }
  | {
      readonly kind: 'direct';
      readonly to: readonly ProcessorId[];
      readonly channel: string;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'request';
      readonly number: number;
      readonly to: Addressees;
      readonly channel: string;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'answer';
      readonly to: ProcessorId;
      readonly number: number;
      readonly bytes: Uint8Array;
    }
  /** The handler of a request threw; what it said. */
  | {
      readonly kind: 'failure';
      readonly to: ProcessorId;
      readonly number: number;
      readonly text: string;
    };

/** Whether what this member says to these is for `id`. */
export function isFor(to: Addressees, id: ProcessorId, sender: ProcessorId): boolean {
  if (to === 'all') return true;
  return to === 'others' ? id !== sender : to.includes(id);
}

export type MessageOf<Kind extends Message['kind']> = Extract<Message, { readonly kind: Kind }>;

/**
 * Whether the roll may be another one behind it, or somebody wants another marker. It is multicast as safe: a member that is cut off is given
 * its own agreed messages, and would tell of views that nobody else has (R2).
 */
export function changesRoll({ kind }: Message): boolean {
  switch (kind) {
    case 'hello':
    case 'marker':
    case 'failed':
    case 'held':
    case 'wanted':
      return true;
    default:
      return false;
  }
}
