/**
 * A delivery as it is sent and stored: encoded once, however many receive it. The bytes of a row are
 * the message as it stands on the wire, so that rows go out as they are.
 */
import {
  type ClientId,
  type Delivery,
  decodeFrame,
  type Event,
  encodeMessage,
  fromServer,
  type LocalId,
  type ObjectId,
  type ObjectState,
  type UpdateKind,
} from '@choir/protocol';
import { Slab } from './slab.ts';

/** The sender of a message whose own copy is replaced by an ack (sender-exclusive). */
export type Exclusive = { readonly senderId: ClientId; readonly localId: LocalId };

/** One update of an object, as a delivery contains it. */
export type Update = {
  readonly object: ObjectId;
  readonly update: UpdateKind;
  readonly data: Uint8Array;
};

const slab = new Slab();

export class Delivered {
  readonly seq: number;
  readonly wire: Uint8Array;
  readonly exclusive: Exclusive | null;
  readonly #concernsMembers: boolean;
  #membership: Uint8Array | undefined;

  private constructor(wire: Uint8Array, { at, events }: Delivery) {
    this.seq = at.seq;
    this.wire = wire;
    this.exclusive = exclusiveOf(events);
    this.#concernsMembers = events.some(isMembership);
  }

  static of(delivery: Delivery): Delivered {
    return new Delivered(slab.encodeMessage({ kind: 'delivery', ...delivery }), delivery);
  }

  static ofRow(row: Uint8Array): Delivered {
    return new Delivered(row, decode(row));
  }

  /** What one client is sent: the delivery, or in its place the ack of its own exclusive message. */
  for(client: ClientId): Uint8Array {
    return this.exclusive?.senderId === client ? this.#ack(this.exclusive) : this.wire;
  }

  /** What those who follow only the membership are sent; null when it concerns no member. */
  membership(): Uint8Array | null {
    if (!this.#concernsMembers) return null;
    if (this.#membership === undefined) {
      const { events, ...rest } = decode(this.wire);
      const message = { kind: 'delivery' as const, ...rest, events: events.filter(isMembership) };
      this.#membership = encodeMessage(fromServer, message);
    }
    return this.#membership;
  }

  updates(): readonly Update[] {
    return updatesOf(decode(this.wire).events);
  }

  #ack({ senderId, localId }: Exclusive): Uint8Array {
    const { group, at } = decode(this.wire);
    return encodeMessage(fromServer, { kind: 'ack', group, senderId, localId, at });
  }
}

/** The updates of objects that these events make, in their order. */
export function updatesOf(events: readonly Event[]): readonly Update[] {
  const updates: Update[] = [];
  for (const event of events) {
    if (event.kind === 'obj_state') updates.push(event);
    else if (event.kind === 'group_state') updates.push(...event.objects.map(replaced));
  }
  return updates;
}

function replaced({ object, data }: ObjectState): Update {
  return { object, update: 'NEW', data };
}

function exclusiveOf(events: readonly Event[]): Exclusive | null {
  const [first] = events;
  if (first?.kind !== 'bcast') return null;
  if (!events.every((event) => event.kind === 'bcast' && event.exclusive)) return null;
  return { senderId: first.senderId, localId: first.localId };
}

function isMembership({ kind }: Event): boolean {
  switch (kind) {
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

function decode(wire: Uint8Array): Delivery {
  const decoded = decodeFrame(fromServer, wire, Number.MAX_SAFE_INTEGER);
  const message = decoded.ok ? decoded.messages[0] : undefined;
  if (message?.kind !== 'delivery') throw new Error('A stored row is not a delivery.');
  return message;
}
