/** The judge of process groups: all checkers on one trace. */
import { allViewsCheckers } from './all.ts';
import type { Bounds } from './bounds.ts';
import { ViewsChecker, type ViewsViolation } from './checker.ts';
import { DeliveryTimes } from './delivery-times.ts';
import { Detection } from './detection.ts';
import { History } from './history/history.ts';
import type { RecordKind, ViewsRecord } from './vocabulary.ts';

/** Times in milliseconds, in the order of the trace. */
export type ViewsFigures = {
  /** From each crash to the view without it, at each survivor (L9). */
  readonly detectionMs: readonly number[];
  /** From handing over to the last delivery in the view, for each message (L5, not promised). */
  readonly deliveryMs: readonly number[];
};

export class ViewsJudge {
  readonly #history = new History();
  readonly #checkers: readonly ViewsChecker[];
  readonly #seers = new Map<RecordKind, ViewsChecker[]>();
  readonly #followers: readonly ViewsChecker[];
  readonly #detection: Detection;
  readonly #times = new DeliveryTimes();

  /** `bounds`: what the run promises beyond its trace. */
  constructor(bounds: Bounds = {}) {
    this.#detection = new Detection(bounds.detectionMsMax ?? null);
    this.#checkers = [...allViewsCheckers(bounds), this.#detection];
    this.#followers = this.#checkers.filter(
      ({ delivered }) => delivered !== ViewsChecker.prototype.delivered,
    );
    for (const checker of this.#checkers) {
      for (const kind of checker.sees) {
        const seers = this.#seers.get(kind);
        if (seers === undefined) this.#seers.set(kind, [checker]);
        else seers.push(checker);
      }
    }
  }

  see(record: ViewsRecord): void {
    const delivery = this.#history.see(record);
    if (delivery !== null) {
      for (const checker of this.#followers) checker.delivered(delivery, this.#history);
    }
    const seers = this.#seers.get(record.kind);
    if (seers === undefined) return;
    for (const checker of seers) checker.see(record, this.#history);
  }

  /** The trace is complete: everything that is wrong with it. */
  finish(): readonly ViewsViolation[] {
    for (const checker of this.#checkers) checker.finish(this.#history);
    this.#times.finish(this.#history);
    return this.#checkers.flatMap(({ violations }) => violations);
  }

  /** After `finish`. */
  get figures(): ViewsFigures {
    return { detectionMs: this.#detection.figures, deliveryMs: this.#times.figures };
  }
}
