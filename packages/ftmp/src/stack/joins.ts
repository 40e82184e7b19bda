/** The Joins of one who asks to be added, and who has confirmed each of them (Z2). */
import { compareViews, noView, type ProcessorId, type ViewId } from '../ids.ts';
import type { Confirmation } from '../wire/index.ts';

/** Joins that are remembered, and members that have confirmed one. */
const joinsMax = 8;
const toldMax = 512;

type Join = {
  /** When it came here; long ago when only others say that it has come to them. */
  at: number;
  /** The highest timestamp of a heartbeat of each member that confirms it. */
  readonly told: Map<ProcessorId, number>;
};

export class Joins {
  /** A Join counts for so long, in milliseconds. */
  readonly #countsMs: number;
  /** By the timestamps in their headers. */
  readonly #joins = new Map<number, Join>();
  /** The configuration in which they were confirmed. */
  #configuration = noView;
  /** When one came last. */
  at = Number.NEGATIVE_INFINITY;
  /** When this processor last confirmed one. */
  confirmedAt = Number.NEGATIVE_INFINITY;

  constructor(countsMs: number) {
    this.#countsMs = countsMs;
  }

  came(timestamp: number, now: number): void {
    this.at = now;
    const join = this.#join(timestamp);
    // A copy that comes later counts from when the first one came.
    if (!this.#counts(join.at, now)) join.at = now;
  }

  /** Whether it asks on. */
  isAsking(now: number): boolean {
    return this.#counts(this.at, now);
  }

  /**
   * A member has confirmed one.
   *
   * @param told the timestamp of the heartbeat in which it does, and the configuration that it is in
   */
  confirmed(
    by: ProcessorId,
    { timestamp }: Confirmation,
    told: { readonly at: number; readonly configuration: ViewId },
  ): void {
    if (compareViews(this.#configuration, told.configuration) !== 0) {
      // Whoever has taken the joiner for added since then may have forgotten that it asks.
      this.#configuration = told.configuration;
      for (const join of this.#joins.values()) join.told.clear();
    }
    const join = this.#join(timestamp);
    if (join.told.size >= toldMax) join.told.clear();
    join.told.set(by, Math.max(told.at, join.told.get(by) ?? 0));
  }

  /**
   * Whether a member has confirmed one that came here lately, in this configuration, behind every probe of its that was confirmed here: it
   * sent that before, then, and sends small as long as its confirmation counts.
   *
   * @param probe the highest timestamp of these probes
   */
  isConfirmed(
    by: ProcessorId,
    {
      probe,
      configuration,
      now,
    }: { readonly probe: number; readonly configuration: ViewId; readonly now: number },
  ): boolean {
    if (compareViews(this.#configuration, configuration) !== 0) return false;
    for (const { at, told } of this.#joins.values())
      if (this.#counts(at, now) && (told.get(by) ?? 0) > probe) return true;
    return false;
  }

  #counts(at: number, now: number): boolean {
    return now - at < this.#countsMs;
  }

  #join(timestamp: number): Join {
    const known = this.#joins.get(timestamp);
    if (known !== undefined) return known;
    for (const oldest of this.#joins.keys()) {
      if (this.#joins.size < joinsMax) break;
      this.#joins.delete(oldest);
    }
    const join: Join = { at: Number.NEGATIVE_INFINITY, told: new Map() };
    this.#joins.set(timestamp, join);
    return join;
  }
}
