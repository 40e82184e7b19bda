/**
 * What a node of ours counts of a load. A message begins with the time it was handed over, in ns of
 * CLOCK_MONOTONIC as `process.hrtime` tells it, which all network namespaces of a machine share; then 1 if it
 * is its sender's last, else 0. Both are 8 bytes, big-endian.
 *
 * Times are numbers, not bigints: exact to a microsecond for thousands of years of uptime, and ten times as fast.
 */
import type { Report } from './load.ts';

export const headBytes = 16;

const word = 2 ** 32;
const latenciesMax = 16 * 1024 * 1024;
const latenciesAtFirst = 64 * 1024;

function nowNs(): number {
  return Number(process.hrtime.bigint());
}

/** Writes the head of a message that is handed over now. */
export function writeHead(message: DataView, isLast: boolean): void {
  const ns = nowNs();
  message.setUint32(0, Math.floor(ns / word));
  message.setUint32(4, ns % word);
  message.setUint32(8, 0);
  message.setUint32(12, isLast ? 1 : 0);
}

export class Tally {
  #latenciesMs = new Float64Array(latenciesAtFirst);
  /** When each of them was handed over, in ms since the first. */
  #sentMs = new Float64Array(latenciesAtFirst);
  #firstSentNs = 0;
  #delivered = 0;
  #ended = 0;
  #firstNs = 0;
  #lastNs = 0;
  #high = 0x811c9dc5;
  #low = 0x01000193;

  /** How many senders' last messages came. */
  get ended(): number {
    return this.#ended;
  }

  /** @param sender any whole number below 2^32 that tells it from others, the same at every node */
  deliver(sender: number, message: DataView): void {
    const [high, low] = [message.getUint32(0), message.getUint32(4)];
    if (message.getUint32(12) === 1) {
      this.#ended += 1;
      return;
    }
    const ns = nowNs();
    const sentNs = high * word + low;
    if (this.#delivered === 0) {
      this.#firstNs = ns;
      this.#firstSentNs = sentNs;
    }
    this.#lastNs = ns;
    this.#remember((ns - sentNs) / 1e6, (sentNs - this.#firstSentNs) / 1e6);
    this.#delivered += 1;
    this.#high = Math.imul(this.#high ^ high ^ sender, 0x01000193) ^ (this.#low >>> 15);
    this.#low = Math.imul(this.#low ^ low, 0x85ebca6b) ^ (this.#high >>> 13);
  }

  /**
   * @param sent how many this node sent, without its last
   * @param warmUpSeconds latencies of messages that were handed over within so long of the first do not count
   * @throws RangeError when fewer than two messages count: they have no rate
   */
  report(sent: number, warmUpSeconds = 0): Report {
    const delivered = this.#delivered;
    const measured = Math.min(delivered, latenciesMax);
    const sorted = this.#latenciesMs
      .subarray(0, measured)
      .filter((_, at) => warmUpSeconds === 0 || (this.#sentMs[at] ?? 0) >= warmUpSeconds * 1_000)
      .sort();
    const count = sorted.length;
    if (count < 2) throw new RangeError(`${count} deliveries have no rate.`);
    return {
      sent,
      delivered,
      perSecond: ((delivered - 1) * 1e9) / (this.#lastNs - this.#firstNs),
      p50Ms: sorted[count >> 1] ?? 0,
      p99Ms: sorted[count - 1 - Math.floor(count / 100)] ?? 0,
      order: `${hexadecimal(this.#high)}${hexadecimal(this.#low)}`,
    };
  }

  #remember(latencyMs: number, sentMs: number): void {
    const at = this.#delivered;
    if (at >= latenciesMax) return;
    if (at === this.#latenciesMs.length) {
      this.#latenciesMs = doubled(this.#latenciesMs);
      this.#sentMs = doubled(this.#sentMs);
    }
    this.#latenciesMs[at] = latencyMs;
    this.#sentMs[at] = sentMs;
  }
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}

function hexadecimal(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
