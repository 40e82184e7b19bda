/**
 * A checker: one property of `docs/design/process-group.md`, judged from the records of a run and from nothing else.
 *
 * `see` gets every record, with the history up to and including it; `finish` comes last, with all of it.
 */
import type { ToolkitRecord } from '../vocabulary.ts';
import type { History } from './history.ts';

export type ToolkitViolation = {
  readonly property: string;
  /** What happened and what should have. */
  readonly text: string;
  /** The record at which it shows; null when it shows in the whole. */
  readonly record: ToolkitRecord | null;
};

/** A broken run breaks a property at every step: the first places are enough. */
const violationsMax = 20;

export abstract class ToolkitChecker {
  abstract readonly property: string;
  /** What the property says, in one sentence. */
  abstract readonly promise: string;
  readonly violations: ToolkitViolation[] = [];

  see(_record: ToolkitRecord, _history: History): void {}
  finish(_history: History): void {}

  protected violated(text: string, record: ToolkitRecord | null = null): void {
    if (this.violations.length >= violationsMax) return;
    this.violations.push({ property: this.property, text, record });
  }
}
