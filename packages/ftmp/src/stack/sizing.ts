/**
 * How large this processor makes its datagrams. Those of one packet pass every network. Larger ones cost less for each byte, but
 * a network cuts them into fragments: it loses them with any of these, and some networks drop fragments altogether. So larger ones are
 * sent only where probes have shown that they pass (as RFC 8899 finds what a path passes), and while few are lost.
 *
 * Z1 A reliable message is larger than a packet only while every other member, and who is being added, has confirmed a probe that was sent
 *    lately: most of it would have to be sent again, in slices (E15).
 *
 * Boundary: ids, counts and times. Heartbeats carry the probes and their confirmations (E5).
 */
import type { ProcessorId } from '../ids.ts';
import { SizeSteps, type Sizes } from './size-steps.ts';

/** How long a confirmation counts, from when the probe was sent, and when the next one is asked for, in milliseconds. */
const freshMs = 6_000;
const renewMs = 2_000;
/** Unconfirmed probes follow each other so fast at first, then after twice that, and so on; of so many none was late, but lost. */
const soonMs = 50;
const lateMs = 5_000;
const lostMin = 5;
/** Members that are remembered, also of those who have gone. */
const confirmedMax = 512;
/** Probes whose confirmations may count. */
const probesMax = 16;

export class Sizing {
  readonly #packetBytes: number;
  readonly #steps: SizeSteps;
  /** When the probes were sent that may still be confirmed, by the timestamps in their headers, oldest first. */
  readonly #probes = new Map<number, number>();
  /** When the last probe that each member has confirmed was sent. */
  readonly #confirmedAt = new Map<ProcessorId, number>();
  #probedAt = Number.NEGATIVE_INFINITY;
  /** Probes since all had confirmed one. */
  #unconfirmed = 0;

  constructor(sizes: Sizes) {
    this.#packetBytes = sizes.packetBytes;
    this.#steps = new SizeSteps(sizes);
  }

  /** Bytes of a probe: those of the datagrams that it is for. */
  get probeBytes(): number {
    return this.#steps.bytes;
  }

  /**
   * How large a datagram may be.
   *
   * @param others all whom it has to reach
   */
  bytes(others: readonly ProcessorId[], now: number): number {
    const { bytes, isLeast } = this.#steps;
    return isLeast || this.#passes(others, now, freshMs) ? bytes : this.#packetBytes;
  }

  /** Whether a probe is to be sent now, as there is more to send than a packet holds. */
  probes(others: readonly ProcessorId[], waitingBytes: number, now: number): boolean {
    if (waitingBytes <= this.#packetBytes || others.length === 0) return false;
    if (this.#steps.rises(now)) this.#forget();
    if (this.#steps.isLeast) return false;
    if (this.#passes(others, now, renewMs)) {
      this.#unconfirmed = 0;
      return false;
    }
    const pauseMs = Math.min(soonMs * 2 ** Math.max(0, this.#unconfirmed - 1), lateMs);
    if (now - this.#probedAt < pauseMs) return false;
    if (this.#unconfirmed >= lostMin && this.#steps.isAboveLarge) {
      this.#steps.falls(now);
      this.#unconfirmed = 0;
    }
    return true;
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

  /** A member says that the probe with this timestamp in its header has come. */
  confirmed(by: ProcessorId, timestamp: number): void {
    const sentAt = this.#probes.get(timestamp);
    if (sentAt === undefined || sentAt < (this.#confirmedAt.get(by) ?? sentAt)) return;
    if (this.#confirmedAt.size >= confirmedMax) this.#confirmedAt.clear();
    this.#confirmedAt.set(by, sentAt);
  }

  /** A message of this processor goes out, in a datagram of so many bytes. */
  sent(bytes: number, now: number): void {
    this.#steps.sent(bytes, now);
  }

  /** Somebody misses a message of this processor, which was in a datagram of so many bytes. */
  missed(sequence: number, bytes: number, now: number): void {
    this.#steps.missed(sequence, bytes, now);
  }

  /** That smaller probes have passed says nothing of larger ones. */
  #forget(): void {
    this.#probes.clear();
    this.#confirmedAt.clear();
    this.#unconfirmed = 0;
  }

  #passes(others: readonly ProcessorId[], now: number, withinMs: number): boolean {
    return others.every(
      (id) => now - (this.#confirmedAt.get(id) ?? Number.NEGATIVE_INFINITY) < withinMs,
    );
  }
}
