/**
 * What is held of one source: its reliable messages from the oldest that somebody may still need to the newest.
 *
 * R1 `next` gives each message once, in the order of the source, without holes.
 * R4 Nothing beyond `reach` above what is contiguous is stored.
 */
import type { ProcessorId } from '../ids.ts';
import type { Held } from './held.ts';
import { Slices } from './slices.ts';

const capacityAtFirst = 64;

export class Stream {
  readonly source: ProcessorId;
  /** The number before the first message that is wanted of this source: nothing up to here was ever held. */
  readonly base: number;
  readonly slices: Slices;
  /** Everything up to here has been let go. */
  #floor: number;
  /** Everything up to here was received. */
  #contiguous: number;
  /** The newest that is known to exist. */
  #highest: number;
  /** A ring: message `n` is at `n & (length - 1)`. */
  #ring: (Held | undefined)[] = new Array(capacityAtFirst).fill(undefined);
  #bytes = 0;
  #count = 0;

  constructor(source: ProcessorId, base: number, windowBytes: number) {
    this.source = source;
    this.base = base;
    this.slices = new Slices(windowBytes);
    this.#floor = base;
    this.#contiguous = base;
    this.#highest = base;
  }

  get contiguous(): number {
    return this.#contiguous;
  }

  get highest(): number {
    return this.#highest;
  }

  get floor(): number {
    return this.#floor;
  }

  /** Messages held, and their bytes. */
  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get hasGap(): boolean {
    return this.#contiguous < this.#highest;
  }

  holds(sequence: number): boolean {
    return this.at(sequence) !== undefined;
  }

  at(sequence: number): Held | undefined {
    const held = this.#ring[sequence & (this.#ring.length - 1)];
    return held?.sequence === sequence ? held : undefined;
  }

  /** The source has sent this much; false when that is farther than `reach` above what is contiguous. */
  exists(sequence: number, reach: number): boolean {
    if (sequence > this.#contiguous + reach) return false;
    if (sequence > this.#highest) this.#highest = sequence;
    return true;
  }

  store(held: Held, reach: number): 'new' | 'known' | 'beyond' {
    const { sequence } = held;
    if (sequence <= this.#contiguous || this.holds(sequence)) return 'known';
    if (!this.exists(sequence, reach)) return 'beyond';
    while (sequence - this.#floor > this.#ring.length) this.#grow();
    this.slices.drop(sequence);
    this.#ring[sequence & (this.#ring.length - 1)] = held;
    this.#bytes += held.bytes.length;
    this.#count += 1;
    return 'new';
  }

  /** The message behind the contiguous ones, which becomes one of them; undefined when it is missing. */
  next(): Held | undefined {
    const held = this.at(this.#contiguous + 1);
    if (held !== undefined) this.#contiguous += 1;
    return held;
  }

  /** The first runs of missing messages, at most `max`. */
  missing(max: number): readonly { readonly start: number; readonly stop: number }[] {
    const runs: { start: number; stop: number }[] = [];
    for (let at = this.#contiguous + 1; at <= this.#highest; at += 1) {
      if (this.holds(at)) continue;
      const last = runs.at(-1);
      if (last !== undefined && last.stop === at - 1) last.stop = at;
      else if (runs.length === max) break;
      else runs.push({ start: at, stop: at });
    }
    return runs;
  }

  /** Nothing more is wanted of this source: what lies behind a gap is dropped. */
  settle(): void {
    for (const held of this.#ring) {
      if (held === undefined || held.sequence <= this.#contiguous) continue;
      this.#ring[held.sequence & (this.#ring.length - 1)] = undefined;
      this.#bytes -= held.bytes.length;
      this.#count -= 1;
    }
    this.#highest = this.#contiguous;
    this.slices.clear();
  }

  /**
   * Lets go of contiguous messages up to `timestamp`, none above the number `limit`; tells each.
   */
  release(timestamp: number, limit: number, released: (held: Held) => void): void {
    const last = Math.min(this.#contiguous, limit);
    while (this.#floor < last) {
      const held = this.at(this.#floor + 1);
      if (held === undefined || held.timestamp > timestamp) return;
      this.#floor += 1;
      this.#ring[held.sequence & (this.#ring.length - 1)] = undefined;
      this.#bytes -= held.bytes.length;
      this.#count -= 1;
      released(held);
    }
  }

  #grow(): void {
    const ring: (Held | undefined)[] = new Array(this.#ring.length * 2).fill(undefined);
    for (const held of this.#ring) {
      if (held !== undefined) ring[held.sequence & (ring.length - 1)] = held;
    }
    this.#ring = ring;
  }
}
