/**
 * What a processor tells of itself, for golden traces, checkers and recordings. Nothing in the protocol depends on
 * who listens.
 */
import type { Place } from './connection/place.ts';
import type { GroupId, ProcessorId, ViewId } from './ids.ts';
import type { Effect } from './stack/effects.ts';
import type { Acceptance, MessageTypeName, Request } from './wire/index.ts';

export type ProtocolEvent = { readonly group: GroupId } & (
  | {
      readonly kind: 'sent' | 'retransmitted';
      /** Datagrams that it went in: more than one where it is sent again in slices (E15). */
      readonly datagrams: number;
      readonly type: MessageTypeName;
      readonly source: ProcessorId;
      readonly sequence: number;
      readonly timestamp: number;
      readonly ack: number;
      readonly bytes: number;
    }
  | {
      /** Held from now on: contiguous, and passed up. */
      readonly kind: 'stored';
      readonly source: ProcessorId;
      readonly sequence: number;
      readonly timestamp: number;
    }
  | { readonly kind: 'released'; readonly source: ProcessorId; readonly sequence: number }
  | {
      readonly kind: 'asked';
      readonly source: ProcessorId;
      readonly start: number;
      readonly stop: number;
    }
  | { readonly kind: 'suspected' | 'trusted' | 'convicted'; readonly who: ProcessorId }
  | { readonly kind: 'proposed'; readonly round: number; readonly members: readonly ProcessorId[] }
  | {
      readonly kind: 'accepted' | 'decided';
      readonly configuration: ViewId;
      readonly acceptance: Acceptance;
    }
  | {
      /** `members`, those that are not suspected, are no quorum of a view that is, or may be, installed somewhere. */
      readonly kind: 'short';
      readonly members: readonly ProcessorId[];
      readonly view: readonly ProcessorId[];
    }
  /** Whether those that are not suspected are such a quorum is not known here: this processor has not come to a view that one of them has installed. */
  | { readonly kind: 'behind' }
  /** Everything that is left for the driver, but what is to be sent, at its place among the rest. */
  | { readonly kind: 'effect'; readonly effect: Effect }
  /** A Connect was sent or received: nothing that is to be ordered is sent, until all were heard past it. */
  | { readonly kind: 'barred'; readonly barrier: number }
  /** While a barrier stands: everything of this source up to this timestamp is here. */
  | { readonly kind: 'heard'; readonly source: ProcessorId; readonly timestamp: number }
  /** A message of a connection in its place, and whether it is passed on; `place`: where it was sent to. */
  | {
      readonly kind: 'request';
      readonly request: Request;
      readonly place: Place;
      readonly timestamp: number;
      readonly processed: boolean;
    }
  | { readonly kind: 'added'; readonly who: ProcessorId; readonly view: ViewId }
);
