/**
 * A checker: one promised property, judged from a trace and from nothing else.
 *
 * `see` gets every record of the kinds it asks for, in the order of the trace; `before` and `after` get
 * every position of the complete log, in order, with the naive models around it; `finish` comes last.
 */
import type { History } from './history/history.ts';
import type { Moment, Replay } from './replay.ts';
import type { RecordKind, TraceRecord } from './vocabulary.ts';

export type Violation = {
  readonly property: string;
  /** What happened and what should have. */
  readonly text: string;
  /** The record at which it shows; null when it shows in the whole. */
  readonly record: TraceRecord | null;
};

export abstract class Checker {
  abstract readonly property: string;
  /** What the property says, in one sentence. */
  abstract readonly promise: string;
  /** The records that `see` is called with. */
  readonly sees: readonly RecordKind[] = [];
  readonly violations: Violation[] = [];

  see(_record: TraceRecord): void {}
  before(_moment: Moment, _history: History): void {}
  after(_moment: Moment, _history: History): void {}
  finish(_history: History, _end: Replay): void {}

  protected violated(text: string, record: TraceRecord | null = null): void {
    this.violations.push({ property: this.property, text, record });
  }
}
