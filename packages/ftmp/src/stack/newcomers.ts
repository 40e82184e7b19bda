/**
 * Who is on the way in, and what it would have to recover. Of the path to a newcomer nothing is known before it has confirmed a probe,
 * and what was sent large cannot be sent again smaller (Z1, Z2). So members send small from the first Join that they hear, and say so
 * where they might have sent large; a sponsor waits until they have, and until what is large lies behind the place where the newcomer
 * begins.
 */
import type { ProcessorId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import type { Confirmation } from '../wire/index.ts';
import { joinKeptMs } from './entry.ts';
import type { GroupState } from './group-state.ts';
import { Joins } from './joins.ts';
import { Permits } from './permits.ts';
import { freshMs } from './sizing.ts';

const askingMax = 64;
/** From a Join on small datagrams are sent for so long: longer than what was confirmed before that counts. */
const smallMs = freshMs + 2_000;
/** Large messages from longer ago have no place in what a newcomer recovers. */
const largeMs = 7_000;

export class Newcomers {
  readonly #state: GroupState;
  readonly #asking = new Map<ProcessorId, Joins>();
  /** Whose Joins have come, and the last of each. */
  readonly #unconfirmed = new Map<ProcessorId, number>();
  readonly #permits = new Permits();
  /** When a large message last came, or was sent. */
  #largeAt = Number.NEGATIVE_INFINITY;

  constructor(state: GroupState) {
    this.#state = state;
  }

  /**
   * Somebody who may be added asks for it.
   *
   * @param timestamp that in the header of its Join
   */
  asks(id: ProcessorId, timestamp: number): void {
    const asking = this.#asking.get(id) ?? this.#begin(id);
    if (asking === undefined) return;
    asking.came(timestamp, this.#state.now);
    this.#unconfirmed.set(id, timestamp);
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

  /** The Joins that are to be confirmed now: the last of each who has asked since its last one was. */
  joinsHeard(): readonly Confirmation[] {
    const { now, surroundings } = this.#state;
    const heard: Confirmation[] = [];
    for (const [processor, timestamp] of this.#unconfirmed) {
      const asking = this.#asking.get(processor);
      // Whoever asks without end does not make the group answer at the same pace.
      if (asking === undefined || now - asking.confirmedAt < surroundings.settings.joinMs / 2)
        continue;
      asking.confirmedAt = now;
      heard.push({ processor, timestamp });
    }
    this.#unconfirmed.clear();
    return heard;
  }

  /**
   * A member of this configuration says that it has heard a Join: it sends small from then on.
   *
   * @param at the timestamp of the heartbeat in which it does
   */
  joinConfirmed(by: ProcessorId, confirmation: Confirmation, at: number): void {
    const { configuration } = this.#state;
    this.#asking.get(confirmation.processor)?.confirmed(by, confirmation, { at, configuration });
  }

  /**
   * The probe of a member has come.
   *
   * @param timestamp that of the probe
   * @returns whether it may be confirmed: not while somebody is to be added, lest its source keep that one waiting for ever
   */
  mayPermit(of: ProcessorId, timestamp: number): boolean {
    const { now } = this.#state;
    for (const asking of this.#asking.values()) if (asking.isAsking(now)) return false;
    return this.#permits.give(of, timestamp, now);
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

  /** Whether who is added now would have to recover what may be too large for it. */
  isLargeAhead(newcomer: ProcessorId): boolean {
    const { now, order, rmp } = this.#state;
    const large = this.reached().filter((id) => this.#permits.isGiven(id, now));
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

  /** Somebody asks for the first time; undefined when those who do are too many. */
  #begin(id: ProcessorId): Joins | undefined {
    if (this.#asking.size >= askingMax) return undefined;
    const asking = new Joins(joinKeptMs(this.#state.surroundings.settings));
    this.#asking.set(id, asking);
    return asking;
  }

  /** Whether a member has said that it has heard the Joins of somebody. */
  #isTold(member: ProcessorId, newcomer: ProcessorId): boolean {
    const { now, configuration } = this.#state;
    const probe = this.#permits.timestamp(member);
    const asking = this.#asking.get(newcomer);
    return asking?.isConfirmed(member, { probe, configuration, now }) ?? false;
  }

  #isLarge({ bytes }: Held): boolean {
    return bytes.length > this.#state.surroundings.settings.packetBytes;
  }
}
