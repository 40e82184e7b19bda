/**
 * The trace of a run: what the checkers judge, what `same seed, same trace` is measured by, and
 * what a person reads when a seed fails. `docs/design/simulator.md` documents the columns.
 *
 * Boundary: holds and hashes flat records; what the kinds and their fields mean belongs to those
 * who record and check them. No text is built unless somebody asks for it.
 *
 * Invariants:
 * T1 The hash covers every event in full, in order, whether it is kept or not.
 * T2 Times never decrease from one event to the next.
 */
import { renderEvent, type TraceEvent } from './trace-event.ts';
import { TraceHash } from './trace-hash.ts';

export type Observer<Event extends TraceEvent> = (event: Event) => void;

export class Trace<Event extends TraceEvent = TraceEvent> {
  readonly #kept: Event[] = [];
  readonly #keep: number;
  readonly #observers: Observer<Event>[] = [];
  readonly #hash = new TraceHash();
  #count = 0;
  #last = 0;

  /** How many events to keep: `all`, none (0), or the last so many. Observers see every one. */
  constructor(keep: number | 'all' = 0) {
    this.#keep = keep === 'all' ? Number.POSITIVE_INFINITY : keep;
  }

  /** Has every event from now on shown to `observer` as it is recorded: how checkers listen. */
  observe(observer: Observer<Event>): void {
    this.#observers.push(observer);
  }

  record(event: Event): void {
    if (event.t < this.#last) throw new Error(`trace went back from ${this.#last} to ${event.t}`);
    this.#last = event.t;
    this.#hash.add(event);
    if (this.#keep > 0) this.#store(event);
    this.#count += 1;
    for (const observer of this.#observers) observer(event);
  }

  get count(): number {
    return this.#count;
  }

  /** 16 hexadecimal digits over all that was recorded. */
  get hash(): string {
    return this.#hash.text();
  }

  /** The events that were kept, oldest first. */
  events(): readonly Event[] {
    if (this.#count <= this.#keep) return this.#kept;
    const oldest = this.#count % this.#keep;
    return [...this.#kept.slice(oldest), ...this.#kept.slice(0, oldest)];
  }

  /** The kept events as text, a line each. */
  text(): string {
    return this.events().map(renderEvent).join('\n');
  }

  #store(event: Event): void {
    if (this.#kept.length < this.#keep) this.#kept.push(event);
    else this.#kept[this.#count % this.#keep] = event;
  }
}
