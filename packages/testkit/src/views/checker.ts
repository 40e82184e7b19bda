/**
 * A checker: one property of process groups, judged from a trace and from nothing else.
 *
 * `see` gets every record of the kinds it asks for, in the order of the trace, `delivered` every
 * delivery; both with the history up to and including it. `finish` comes last, with all of it.
 */
import type { Delivery } from './history/delivery.ts';
import type { History } from './history/history.ts';
import type { RecordKind, ViewsRecord } from './vocabulary.ts';

export type ViewsViolation = {
  readonly property: string;
  /** What happened and what should have. */
  readonly text: string;
  /** The record at which it shows; null when it shows in the whole. */
  readonly record: ViewsRecord | null;
};

/** A broken run breaks a property at every step: the first places are enough. */
const violationsMax = 50;

export abstract class ViewsChecker {
  abstract readonly property: string;
  /** What the property says, in one sentence. */
  abstract readonly promise: string;
  /** The records that `see` is called with. */
  readonly sees: readonly RecordKind[] = [];
  readonly violations: ViewsViolation[] = [];

  see(_record: ViewsRecord, _history: History): void {}
  delivered(_delivery: Delivery, _history: History): void {}
  finish(_history: History): void {}

  protected violated(text: string, record: ViewsRecord | null = null): void {
    if (this.violations.length >= violationsMax) return;
    this.violations.push({ property: this.property, text, record });
  }
}
