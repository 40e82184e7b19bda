/** How long messages took from handing them over to their delivery, by when they were handed over; of the first 16 Mi of them. */

const countMax = 16 * 1024 * 1024;
const countAtFirst = 64 * 1024;

/** Messages that were handed over from the first of these times on, and before the second; in ns of CLOCK_MONOTONIC. */
export type Window = { readonly fromNs: number; readonly untilNs: number };

export type Percentiles = { readonly p50Ms: number; readonly p99Ms: number };

export class Latencies {
  #latenciesMs = new Float64Array(countAtFirst);
  /** When each of them was handed over, in ms since the first. */
  #sentMs = new Float64Array(countAtFirst);
  #firstNs = 0;
  #count = 0;

  /** When the first message was handed over; 0 before. */
  get firstNs(): number {
    return this.#firstNs;
  }

  add(sentNs: number, deliveredNs: number): void {
    const at = this.#count;
    if (at === countMax) return;
    if (at === 0) this.#firstNs = sentNs;
    if (at === this.#latenciesMs.length) {
      this.#latenciesMs = doubled(this.#latenciesMs);
      this.#sentMs = doubled(this.#sentMs);
    }
    this.#latenciesMs[at] = (deliveredNs - sentNs) / 1e6;
    this.#sentMs[at] = (sentNs - this.#firstNs) / 1e6;
    this.#count += 1;
  }

  /** @throws RangeError when fewer than two messages are of the window */
  within({ fromNs, untilNs }: Window): Percentiles {
    const [fromMs, untilMs] = [fromNs, untilNs].map((ns) => (ns - this.#firstNs) / 1e6);
    const sorted = this.#latenciesMs
      .subarray(0, this.#count)
      .filter((_, at) => isWithin(this.#sentMs[at] ?? 0, fromMs, untilMs))
      .sort();
    const { length } = sorted;
    if (length < 2) throw new RangeError(`${length} deliveries have no rate.`);
    return {
      p50Ms: sorted[length >> 1] ?? 0,
      p99Ms: sorted[length - 1 - Math.floor(length / 100)] ?? 0,
    };
  }
}

function isWithin(value: number, from = 0, until = 0): boolean {
  return value >= from && value < until;
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
