/** What the core wants done, in the order in which it is to be done. */
import type { ReadFailure } from '@choir/bytes';
import type { ProcessorId } from '@choir/ftmp';
import type { GroupView, Member } from './member.ts';
import type { RefusalReason } from './message.ts';

/** How a member took a request (Q2). */
export type Reply = { readonly member: Member } & (
  | { readonly kind: 'answered'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly text: string }
  /** It left the view before it answered. */
  | { readonly kind: 'gone' }
  /** The asker stopped waiting. */
  | { readonly kind: 'missing' }
);

/** To be multicast, when there is room. */
export type Submission = { readonly bytes: Uint8Array; readonly safe: boolean };

export type CoreEffect =
  | { readonly kind: 'view'; readonly view: GroupView }
  | {
      readonly kind: 'message';
      readonly sender: ProcessorId;
      readonly channel: string;
      readonly bytes: Uint8Array;
      /** For this member, or for some, and not for all. */
      readonly direct: boolean;
    }
  /** To be answered with `answer`, or `fail`, once. */
  | {
      readonly kind: 'request';
      readonly asker: ProcessorId;
      readonly number: number;
      readonly channel: string;
      readonly bytes: Uint8Array;
    }
  /** A request is over; a reply of each member that it was for. */
  | { readonly kind: 'replies'; readonly number: number; readonly replies: readonly Reply[] }
  /** The state as it is now is to be given to `provide`. */
  | { readonly kind: 'snapshot'; readonly transfer: number }
  /** The state is to be taken over; `restored` is to be told whether that went well. */
  | { readonly kind: 'restore'; readonly pieces: readonly Uint8Array[] }
  /** Not admitted, or not given the state. With `label-taken` it waits until the label is free. */
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly version: number }
  /** Nobody holds the state any more (T4). */
  | { readonly kind: 'state-lost' }
  /** A message could not be read, or came from who may not send it (M4). */
  | {
      readonly kind: 'unreadable';
      readonly sender: ProcessorId;
      readonly failure: ReadFailure | null;
    };
