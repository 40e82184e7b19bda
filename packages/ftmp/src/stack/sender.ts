/**
 * What this processor originates in a group: numbers, timestamps, bytes.
 *
 * R1 Reliable messages are numbered without holes.
 * T1 Every datagram takes a new timestamp.
 * R2 What is sent again is sent byte for byte, but for the flag; in slices where it is longer than a packet (E15).
 * T5 No reliable message has a timestamp at or below a lookahead that was told before it.
 */
import type { GroupId, ProcessorId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import type { LamportClock } from '../romp/clock.ts';
import {
  aheadMax,
  asRetransmission,
  type Body,
  type BodyOf,
  encode,
  partsIn,
  sliceBytes,
  slicesOf,
} from '../wire/index.ts';
import type { Effect } from './effects.ts';
import type { Surroundings } from './options.ts';

type SendTo = 'group' | 'anyone' | ProcessorId;

export class Sender {
  readonly #surroundings: Surroundings;
  readonly #group: GroupId;
  readonly #clock: LamportClock;
  readonly #effects: Effect[];
  #sequence: number;
  /** Of the last datagram. */
  #timestamp = 0;
  #ack = 0;
  #at = Number.NEGATIVE_INFINITY;
  /** When the last reliable message was sent; before it, the first heartbeat. */
  #reliableAt: number | null = null;
  #lookahead = 0;
  /** Messages sent again. */
  retransmissions = 0;

  constructor(
    surroundings: Surroundings,
    { group, clock, effects }: { group: GroupId; clock: LamportClock; effects: Effect[] },
  ) {
    this.#surroundings = surroundings;
    this.#group = group;
    this.#clock = clock;
    this.#effects = effects;
    this.#sequence = surroundings.firstSequence;
  }

  /** The number of the last reliable message. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The timestamp of the last datagram, the ack timestamp in it, and when it was sent. */
  get timestamp(): number {
    return this.#timestamp;
  }

  get ack(): number {
    return this.#ack;
  }

  get at(): number {
    return this.#at;
  }

  /** For how long there was nothing reliable to send, in milliseconds. */
  silence(now: number): number {
    return this.#reliableAt === null ? 0 : now - this.#reliableAt;
  }

  /** The next reliable message has a timestamp above this. */
  get lookahead(): number {
    return Math.max(this.#timestamp, this.#lookahead);
  }

  /** Sends a reliable message to the group; it has to be stored by the caller. */
  reliable(
    body: Body,
    { ack, now, safe = false }: { ack: number; now: number; safe?: boolean },
  ): Held {
    this.#sequence += 1;
    this.#reliableAt = now;
    this.#clock.observe(this.#lookahead);
    const bytes = this.#send(body, { ack, now, safe });
    const [source, sequence, timestamp] = [
      this.#surroundings.self,
      this.#sequence,
      this.#timestamp,
    ];
    return { source, sequence, timestamp, ack, safe, body: bodyIn(bytes, body), bytes };
  }

  /** Sends a heartbeat that promises, up to so much above its timestamp, what was not promised before (T5). */
  heartbeat(
    body: Omit<BodyOf<'heartbeat'>, 'type' | 'ahead'>,
    { ack, now, ahead }: { ack: number; now: number; ahead: number },
  ): void {
    const timestamp = this.#clock.latest + 1;
    this.#reliableAt ??= now;
    this.#lookahead = Math.max(this.#lookahead, timestamp + Math.min(ahead, aheadMax));
    this.#send(
      { type: 'heartbeat', ...body, ahead: this.#lookahead - timestamp },
      { ack, now, safe: false },
    );
  }

  /** Sends what nobody asks for again. */
  unreliable(body: Body, { ack, now }: { ack: number; now: number }): void {
    this.#send(body, { ack, now, safe: false });
  }

  /** Sends one member what the others do not hear: they still wait for what they are to hear of this processor. */
  aside(body: Body, to: ProcessorId, ack: number): void {
    this.#transmit(body, { sequence: this.#sequence, timestamp: this.#clock.next(), ack }, { to });
  }

  /** Sends a message without counters, to one processor or to whoever may know the group (paper 7: all zero). */
  apart(body: Body, to: 'anyone' | ProcessorId): void {
    this.#transmit(body, { sequence: 0, timestamp: 0, ack: 0 }, { to });
  }

  /** Sends a message again (R2). @param isWhole for who is outside the group, and gathers no slices of it */
  again(held: Held, to: 'group' | ProcessorId = 'group', isWhole = false): void {
    const { source, sequence, timestamp, ack, body, bytes } = held;
    const { observe } = this.#surroundings;
    this.retransmissions += 1;
    const datagrams = isWhole ? [asRetransmission(bytes)] : this.#datagramsOf(held);
    const told = { type: body.type, source, sequence, timestamp, ack, bytes: bytes.length };
    const count = datagrams.length;
    observe({ kind: 'retransmitted', group: this.#group, datagrams: count, ...told });
    for (const one of datagrams) {
      this.#effects.push({ kind: 'send', group: this.#group, to, bytes: one });
    }
  }

  #datagramsOf({ source, sequence, timestamp, ack, bytes }: Held): readonly Uint8Array[] {
    const { settings, envelope } = this.#surroundings;
    const message = asRetransmission(bytes);
    const room = settings.packetBytes - envelope.overheadBytes;
    if (message.length <= room) return [message];
    const header = { order: settings.order, source, group: this.#group, sequence, timestamp, ack };
    return [...slicesOf(message, room - sliceBytes)].map((slice) =>
      encode(header, { type: 'slice', ...slice }),
    );
  }

  #send(body: Body, { ack, now, safe }: { ack: number; now: number; safe: boolean }): Uint8Array {
    this.#timestamp = this.#clock.next();
    this.#ack = ack;
    this.#at = now;
    const counters = { sequence: this.#sequence, timestamp: this.#timestamp, ack };
    return this.#transmit(body, counters, { to: 'group', safe });
  }

  #transmit(
    body: Body,
    counters: Pick<Held, 'sequence' | 'timestamp' | 'ack'>,
    { to, safe = false }: { readonly to: SendTo; readonly safe?: boolean },
  ): Uint8Array {
    const { self: source, settings, observe } = this.#surroundings;
    const group = this.#group;
    const bytes = encode({ order: settings.order, source, group, ...counters, safe }, body);
    const told = { type: body.type, source, ...counters, bytes: bytes.length };
    observe({ kind: 'sent', group, datagrams: 1, ...told });
    this.#effects.push({ kind: 'send', group, to, bytes });
    return bytes;
  }
}

/** A body as it was encoded: what is held of a message is its bytes alone, and not what they were made of (R5). */
function bodyIn(message: Uint8Array, body: Body): Body {
  return body.type === 'regular' ? { ...body, parts: partsIn(message, body.parts) } : body;
}
