/** The judge of the toolkit: all of its checkers on one trace. */
import type { ToolkitRecord } from '../vocabulary.ts';
import type { ToolkitChecker, ToolkitViolation } from './checker.ts';
import { CutOff } from './cut-off.ts';
import { FairLocks } from './fair-locks.ts';
import { History } from './history.ts';
import { OneLeader } from './leadership.ts';
import { LinearizableMap } from './linearizable-map.ts';
import { Addressed, Channels, SameView, SenderOrder, TotalOrder } from './messages.ts';
import { PassedOver } from './noise.ts';
import { Observers } from './observers.ts';
import { NothingForgotten, NothingTwice } from './pieces.ts';
import { placed } from './placing.ts';
import { AnsweredOnce, EverybodyCounted } from './requests.ts';
import { ServedOnce } from './served-once.ts';
import { EverybodyGetsIt, NobodyWaits, SameState, StateLost } from './state.ts';
import { Differences, NumberedViews, OneLabel, Returned, SameRoll } from './views.ts';

export class ToolkitJudge {
  readonly #records: ToolkitRecord[] = [];
  readonly #checkers: readonly ToolkitChecker[] = [
    new SameRoll(),
    new NumberedViews(),
    new Differences(),
    new OneLabel(),
    new Returned(),
    new SameView(),
    new SameState(),
    new NobodyWaits(),
    new EverybodyGetsIt(),
    new StateLost(),
    new NothingTwice(),
    new NothingForgotten(),
    new TotalOrder(),
    new Addressed(),
    new Channels(),
    new SenderOrder(),
    new PassedOver(),
    new AnsweredOnce(),
    new EverybodyCounted(),
    new LinearizableMap(),
    new FairLocks(),
    new OneLeader(),
    new ServedOnce(),
    new Observers(),
  ];

  see(record: ToolkitRecord): void {
    this.#records.push(record);
  }

  /** The trace is complete: everything that is wrong with it. */
  finish(): readonly ToolkitViolation[] {
    const whole = new History();
    for (const record of this.#records) whole.see(record);
    const records = placed(this.#records, whole);
    const history = new History(new CutOff(records, whole));
    for (const record of records) {
      history.see(record);
      for (const checker of this.#checkers) checker.see(record, history);
    }
    for (const checker of this.#checkers) checker.finish(history);
    return this.#checkers.flatMap(({ violations }) => violations);
  }
}
