/**
 * Who is on the way in, and what it would have to recover. Of the path to a newcomer nothing is known before it has confirmed a probe,
 * and what was sent large cannot be sent again smaller (Z1). So members send small from the first Join that they hear, and a sponsor waits
 * until what is large lies behind the place where the newcomer begins.
 */
import type { ProcessorId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import type { GroupState } from './group-state.ts';

/** A Join counts for so many of the times between two. */
const joins = 3;
const askingMax = 64;
/** Without a large message for so long, all are taken to have heard the Join, in milliseconds. */
const settleMs = 25;
/** Large messages from longer ago have no place in what a newcomer recovers. */
const largeMs = 5_000;

export class Newcomers {
  readonly #state: GroupState;
  /** When those who ask to be added asked last. */
  readonly #askedAt = new Map<ProcessorId, number>();
  /** When a large message last came, or was sent. */
  #largeAt = Number.NEGATIVE_INFINITY;

  constructor(state: GroupState) {
    this.#state = state;
  }

  /** Somebody who may be added asks for it. */
  asks(id: ProcessorId): void {
    if (this.#askedAt.size < askingMax || this.#askedAt.has(id)) {
      this.#askedAt.set(id, this.#state.now);
    }
  }

  /** A message is held here. */
  took(held: Held): void {
    if (this.#isLarge(held)) this.#largeAt = this.#state.now;
  }

  /** Somebody is being added, or refused. */
  asksNoMore(id: ProcessorId): void {
    this.#askedAt.delete(id);
  }

  /** All whom a message has to reach: the other members, and those who are being added. */
  reached(): readonly ProcessorId[] {
    const { changes, others, self } = this.#state;
    if (changes.length === 0) return others;
    const reached = new Set(others);
    for (const { body } of changes)
      if (body.type === 'addProcessor') reached.add(body.newMember.id);
    reached.delete(self);
    return [...reached];
  }

  /** Whether somebody asks to be added: it may be added by others at any time. */
  isAnyAsking(): boolean {
    const { now, surroundings } = this.#state;
    const sinceMs = joins * surroundings.settings.joinMs;
    for (const [id, at] of this.#askedAt) if (now - at >= sinceMs) this.#askedAt.delete(id);
    return this.#askedAt.size > 0;
  }

  /** Whether who is added now would have to recover what may be too large for it. */
  isLargeAhead(): boolean {
    const { now, order, rmp } = this.#state;
    if (now - this.#largeAt >= largeMs) return false;
    if (now - this.#largeAt < settleMs) return true;
    const watermark = this.#state.ack();
    for (const id of order.members) {
      const stream = rmp.stream(id);
      if (stream === undefined) continue;
      if (stream.hasGap) return true;
      for (let at = stream.highest; ; at -= 1) {
        const held = stream.at(at);
        if (held === undefined || held.timestamp <= watermark) break;
        if (this.#isLarge(held)) return true;
      }
    }
    return false;
  }

  #isLarge({ bytes }: Held): boolean {
    return bytes.length > this.#state.surroundings.settings.packetBytes;
  }
}
