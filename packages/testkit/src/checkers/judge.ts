/** The judge: all checkers on one trace. */
import { allCheckers } from './all.ts';
import { Checker, type Violation } from './checker.ts';
import { History } from './history/history.ts';
import { Replay } from './replay.ts';
import type { RecordKind, TraceRecord } from './vocabulary.ts';

export class Judge {
  readonly #history = new History();
  readonly #checkers: readonly Checker[];
  readonly #seers = new Map<RecordKind, Checker[]>();

  constructor(checkers: readonly Checker[] = allCheckers()) {
    this.#checkers = checkers;
    for (const checker of checkers) {
      for (const kind of checker.sees) {
        const seers = this.#seers.get(kind);
        if (seers === undefined) this.#seers.set(kind, [checker]);
        else seers.push(checker);
      }
    }
  }

  see(record: TraceRecord): void {
    this.#history.see(record);
    for (const checker of this.#seers.get(record.kind) ?? []) checker.see(record);
  }

  /** The trace is complete: everything that is wrong with it. */
  finish(): readonly Violation[] {
    const history = this.#history;
    const befores = this.#checkers.filter(({ before }) => before !== Checker.prototype.before);
    const afters = this.#checkers.filter(({ after }) => after !== Checker.prototype.after);
    const replay = new Replay();
    replay.run(
      history.log.steps,
      (moment) => {
        for (const checker of befores) checker.before(moment, history);
      },
      (moment) => {
        for (const checker of afters) checker.after(moment, history);
      },
    );
    for (const checker of this.#checkers) checker.finish(history, replay);
    return this.#checkers.flatMap(({ violations }) => violations);
  }
}
