/**
 * Who is on the way in, and what it would have to recover. Of the path to a newcomer nothing is known before it has confirmed a probe,
 * and what was sent large cannot be sent again smaller (Z1, Z2). So members send small from the first Join that they hear, and say so
 * where they might have sent large; a sponsor waits until they have, and until what is large lies behind the place where the newcomer
 * begins.
 */
import { compareViews, type ProcessorId, type ViewId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import type { GroupState } from './group-state.ts';
import { freshMs } from './sizing.ts';

/** A Join counts for so many of the times between two. */
const joins = 3;
const askingMax = 64;
/** A confirmation counts so long at whom it was sent to, with the time that it may take to come, in milliseconds. */
const confirmedMs = freshMs + 1_000;
/** From a Join on small datagrams are sent for so long: longer than confirmations from before the sponsor adds count. */
const smallMs = freshMs + 2_000;
/** Large messages from longer ago have no place in what a newcomer recovers. */
const largeMs = 7_000;

/** Somebody who asks to be added. */
type Asking = {
  /** When it asked last. */
  at: number;
  /** The configuration in which it is asked for, and when each member last said, in that, that it has heard the Join. */
  configuration: ViewId;
  readonly told: Map<ProcessorId, number>;
};

export class Newcomers {
  readonly #state: GroupState;
  readonly #asking = new Map<ProcessorId, Asking>();
  /** Those whose Joins are to be confirmed. */
  readonly #unconfirmed = new Set<ProcessorId>();
  /** When a probe of each member was last confirmed. */
  readonly #confirmedAt = new Map<ProcessorId, number>();
  /** When a large message last came, or was sent. */
  #largeAt = Number.NEGATIVE_INFINITY;

  constructor(state: GroupState) {
    this.#state = state;
  }

  /** Somebody who may be added asks for it. */
  asks(id: ProcessorId): void {
    const { now } = this.#state;
    const asking = this.#entry(id);
    if (asking !== undefined) asking.at = now;
    if (asking !== undefined) this.#unconfirmed.add(id);
  }

  /** A message is held here. */
  took(held: Held): void {
    if (this.#isLarge(held)) this.#largeAt = this.#state.now;
  }

  /** Somebody is being added, or refused. */
  asksNoMore(id: ProcessorId): void {
    this.#asking.delete(id);
    this.#unconfirmed.delete(id);
  }

  /** Those whose Joins have come since this was called last. */
  joinsHeard(): readonly ProcessorId[] {
    const heard = [...this.#unconfirmed];
    this.#unconfirmed.clear();
    return heard;
  }

  /** A member says that it has heard a Join: it sends small from then on. */
  joinConfirmed(by: ProcessorId, id: ProcessorId): void {
    const { now } = this.#state;
    if (this.#asking.has(id)) this.#entry(id)?.told.set(by, now);
  }

  /** The probe of a member is being confirmed. */
  probeConfirmed(of: ProcessorId): void {
    this.#confirmedAt.set(of, this.#state.now);
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
    const { now } = this.#state;
    for (const [id, { at }] of this.#asking) if (now - at >= smallMs) this.asksNoMore(id);
    return this.#asking.size > 0;
  }

  /** Whether who asked then asks on. */
  isRecent(askedAt: number): boolean {
    const { now, surroundings } = this.#state;
    return now - askedAt < joins * surroundings.settings.joinMs;
  }

  /** Whether a member keeps somebody waiting, as it does not say that it has heard the Join. */
  isHeldUpBy(member: ProcessorId): boolean {
    for (const [id, { at }] of this.#asking)
      if (this.isRecent(at) && !this.#isTold(member, id)) return true;
    return false;
  }

  /** Whether who is added now would have to recover what may be too large for it. */
  isLargeAhead(newcomer: ProcessorId): boolean {
    const { now, order, rmp } = this.#state;
    const large = this.reached().filter((id) => this.#maySendLarge(id));
    if (large.some((id) => !this.#isTold(id, newcomer))) return true;
    if (large.length === 0 && now - this.#largeAt >= largeMs) return false;
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

  /** What is known of somebody who asks; nothing of those who are too many. */
  #entry(id: ProcessorId): Asking | undefined {
    const { now, configuration } = this.#state;
    const known = this.#asking.get(id);
    if (known === undefined) {
      if (this.#asking.size >= askingMax) return undefined;
      const asking: Asking = { at: now, configuration, told: new Map() };
      this.#asking.set(id, asking);
      return asking;
    }
    if (compareViews(known.configuration, configuration) !== 0) {
      // Whoever has taken the joiner for added since then may have forgotten that it asks.
      known.configuration = configuration;
      known.told.clear();
    }
    return known;
  }

  /** Large ones are sent only by whom all have confirmed probes to lately, this processor too. */
  #maySendLarge(id: ProcessorId): boolean {
    const at = this.#confirmedAt.get(id);
    if (at === undefined) return false;
    if (this.#state.now - at < confirmedMs) return true;
    this.#confirmedAt.delete(id);
    return false;
  }

  #isTold(member: ProcessorId, newcomer: ProcessorId): boolean {
    const told = this.#entry(newcomer)?.told.get(member);
    return told !== undefined && this.isRecent(told);
  }

  #isLarge({ bytes }: Held): boolean {
    return bytes.length > this.#state.surroundings.settings.packetBytes;
  }
}
