/** What one member counts. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Latency, Measured } from './conversation.ts';

/** At the head of a message: when it was handed over, by the clock that all processes of a machine share, its sender and its number. */
export const stampBytes = 16;

const nanosecondsPerMs = 1_000_000;

export function stamp(bytes: Uint8Array, sender: number, number: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, stampBytes);
  view.setBigUint64(0, process.hrtime.bigint());
  view.setUint32(8, sender);
  view.setUint32(12, number);
}

export class Tally {
  readonly #latency: RecordableHistogram = createHistogram();
  readonly #beganAt = performance.now();
  #messages = 0;
  #sum = 0;

  get messages(): number {
    return this.#messages;
  }

  /** A stamped message was delivered. */
  take(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, stampBytes);
    const nanoseconds = Number(process.hrtime.bigint() - view.getBigUint64(0));
    this.#latency.record(Math.max(1, nanoseconds));
    this.#messages += 1;
    for (const word of [view.getUint32(8), view.getUint32(12)]) {
      this.#sum = (Math.imul(this.#sum, 31) + word) | 0;
    }
  }

  get measured(): Measured {
    return {
      messages: this.#messages,
      elapsedMs: performance.now() - this.#beganAt,
      sum: this.#sum,
      latency: this.latency,
    };
  }

  get latency(): Latency {
    const ms = (percent: number): number => this.#latency.percentile(percent) / nanosecondsPerMs;
    return { p50Ms: ms(50), p99Ms: ms(99) };
  }
}
