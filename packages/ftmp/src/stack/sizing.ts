/**
 * How large this processor makes its datagrams. Those of one packet pass every network. Larger ones cost less for each byte, but
 * a network cuts them into fragments: it loses them with any of these, and some networks drop fragments altogether. So larger ones are
 * sent only where probes have shown that they pass (as RFC 8899 finds what a path passes), and while few are lost.
 *
 * Z1 A reliable message is larger than a packet only while every other member, and who is being added, has confirmed a probe that was sent
 *    lately, and nobody asks to be added: it is sent again byte for byte, so where it does not pass it never would.
 *
 * Z2 Nobody is added while a member may send large that does not know of it (newcomers.ts).
 *
 * Boundary: ids, counts and times. Heartbeats carry the probes and their confirmations (E5).
 */
import type { ProcessorId } from '../ids.ts';

export type SizingOptions = {
  /** Bytes of a datagram that is one packet everywhere. */
  readonly packetBytes: number;
  /** Bytes of the largest datagram. */
  readonly datagramBytes: number;
};

/** How long a confirmation counts, from when the probe was sent, and when the next one is asked for, in milliseconds. */
export const freshMs = 6_000;
const renewMs = 2_000;
/** Who has not probed for so long has no confirmation that counts. */
const inUseMs = freshMs + 2_000;
/** Unconfirmed probes follow each other so fast, a few times; then so slowly. */
const soonMs = 50;
const soonMax = 5;
const lateMs = 5_000;
/** Where more than this share of the large ones had to be sent again, they are not sent for a while. */
const againShare = 0.05;
const againLeast = 5;
const periodMs = 1_000;
/** Members that are remembered, also of those who have gone. */
const confirmedMax = 512;
/** Probes whose confirmations may count. */
const probesMax = 16;
const distrustMs = 10_000;

export class Sizing {
  readonly #options: SizingOptions;
  /** When the probes were sent that may still be confirmed, by the timestamps in their headers, oldest first. */
  readonly #probes = new Map<number, number>();
  /** When the last probe that each member has confirmed was sent. */
  readonly #confirmedAt = new Map<ProcessorId, number>();
  #probedAt = Number.NEGATIVE_INFINITY;
  /** Probes since all had confirmed one. */
  #unconfirmed = 0;
  #distrustedUntil = Number.NEGATIVE_INFINITY;
  #periodAt = 0;
  /** Large messages in this period, and how many were sent again. */
  #large = 0;
  #again = 0;

  constructor(options: SizingOptions) {
    this.#options = options;
  }

  /**
   * How large a datagram may be.
   *
   * @param others all whom it has to reach
   */
  bytes(others: readonly ProcessorId[], now: number): number {
    const { packetBytes, datagramBytes } = this.#options;
    if (datagramBytes <= packetBytes) return datagramBytes;
    return this.#passes(others, now, freshMs) ? datagramBytes : packetBytes;
  }

  /** Whether a probe is to be sent now, as there is more to send than a packet holds. */
  probes(others: readonly ProcessorId[], waitingBytes: number, now: number): boolean {
    const { packetBytes, datagramBytes } = this.#options;
    if (waitingBytes <= packetBytes || datagramBytes <= packetBytes || others.length === 0)
      return false;
    if (now < this.#distrustedUntil) return false;
    if (this.#passes(others, now, renewMs)) {
      this.#unconfirmed = 0;
      return false;
    }
    const pauseMs = this.#unconfirmed < soonMax ? soonMs : lateMs;
    return now - this.#probedAt >= pauseMs;
  }

  /** Whether datagrams may be large, or may become so by probes that are under way. */
  isInUse(now: number): boolean {
    return now - this.#probedAt < inUseMs;
  }

  /** @param timestamp that of the probe, which names it */
  probed(now: number, timestamp: number): void {
    this.#probedAt = now;
    this.#unconfirmed += 1;
    this.#probes.set(timestamp % 2 ** 32, now);
    for (const [oldest] of this.#probes) {
      if (this.#probes.size <= probesMax) break;
      this.#probes.delete(oldest);
    }
  }

  /** When the probe of this processor with this timestamp in its header was sent; undefined when there was none, or too long ago. */
  sentAt(timestamp: number): number | undefined {
    return this.#probes.get(timestamp);
  }

  /** A member says that the probe with this timestamp has come. */
  confirmed(by: ProcessorId, timestamp: number): void {
    const sentAt = this.sentAt(timestamp);
    if (sentAt === undefined || sentAt < (this.#confirmedAt.get(by) ?? sentAt)) return;
    if (this.#confirmedAt.size >= confirmedMax) this.#confirmedAt.clear();
    this.#confirmedAt.set(by, sentAt);
  }

  /** A message of this processor goes out, in a datagram of so many bytes; `again` when somebody missed it. */
  sent(bytes: number, again: boolean, now: number): void {
    if (bytes <= this.#options.packetBytes) return;
    if (now - this.#periodAt >= periodMs) {
      this.#periodAt = now;
      this.#large = 0;
      this.#again = 0;
    }
    if (again) this.#again += 1;
    else this.#large += 1;
    if (this.#again >= againLeast && this.#again > this.#large * againShare) {
      this.#distrustedUntil = now + distrustMs;
    }
  }

  #passes(others: readonly ProcessorId[], now: number, withinMs: number): boolean {
    if (now < this.#distrustedUntil) return false;
    return others.every(
      (id) => now - (this.#confirmedAt.get(id) ?? Number.NEGATIVE_INFINITY) < withinMs,
    );
  }
}
