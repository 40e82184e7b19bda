/** Messages as an application sees them: the paper's bcast, obj_state_bcast and group_state_bcast. */
import type { Event } from '@choir/protocol';
import type { Told } from './settlements.ts';

type Common = {
  readonly group: string;
  /** Client id of the sender. */
  readonly sender: string;
  /** The sender's own number of the message. */
  readonly localId: number;
  /** Place in the order of everything. Several messages of one transaction share it. */
  readonly globalId: number;
  readonly epoch: number;
  /** When it was ordered; for display only. */
  readonly time: Date;
  /** Sent by this client. */
  readonly own: boolean;
  /** Missed when it was sent, and received on coming back. */
  readonly missed: boolean;
};

/** A message that was delivered, of one of three kinds. */
export type Message = Common &
  (
    | { readonly kind: 'bcast'; readonly data: Uint8Array }
    /** INC appends to the object, NEW replaces it. */
    | {
        readonly kind: 'obj_state';
        readonly object: string;
        readonly update: 'INC' | 'NEW';
        readonly data: Uint8Array;
      }
    /** A checkpoint: these objects and no others. */
    | {
        readonly kind: 'group_state';
        readonly objects: ReadonlyMap<string, Uint8Array>;
      }
  );

export type MessageEvent = Extract<Event, { kind: 'bcast' | 'obj_state' | 'group_state' }>;

export function isMessage(event: Event): event is MessageEvent {
  return event.kind === 'bcast' || event.kind === 'obj_state' || event.kind === 'group_state';
}

export function messageOf(
  event: MessageEvent,
  { group, at, time, missed }: Told<'message'>,
  me: string | null,
): Message {
  const { senderId: sender, localId } = event;
  const common = {
    group,
    sender,
    localId,
    globalId: at.seq,
    epoch: at.epoch,
    time: new Date(time),
    own: sender === me,
    missed,
  };
  switch (event.kind) {
    case 'bcast':
      return { ...common, kind: 'bcast', data: event.data };
    case 'obj_state': {
      const { object, update, data } = event;
      return { ...common, kind: 'obj_state', object, update, data };
    }
    case 'group_state': {
      const objects = new Map<string, Uint8Array>();
      for (const { object, data } of event.objects) objects.set(object, data);
      return { ...common, kind: 'group_state', objects };
    }
    default:
      return event satisfies never;
  }
}
