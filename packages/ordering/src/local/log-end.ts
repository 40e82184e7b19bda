/**
 * The end of the log, where entries get their position and time.
 *
 * Invariants: L1 (`seq` is the previous one plus one) and O3 (time never decreases, whatever the
 * wall clock does).
 */
import type { Position } from '@choir/protocol';
import type { Entry, Incarnation, Members } from '../contract.ts';
import type { Submission } from './unsettled.ts';

export class LogEnd {
  #epoch: number;
  #last: Position;
  #time = 0;

  constructor(last: Position, epoch: number) {
    this.#last = last;
    this.#epoch = epoch;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Entries from now on are of this epoch, unless theirs is a later one already. */
  beginEpoch(epoch: number): void {
    this.#epoch = Math.max(this.#epoch, Math.floor(epoch));
  }

  /** No entry from now on is earlier than `timeMs`. */
  notBefore(timeMs: number): void {
    this.#time = Math.max(this.#time, Math.floor(timeMs));
  }

  entry(source: Incarnation, { n, bytes }: Submission): Entry {
    const previous = this.#last;
    return { kind: 'entry', at: this.#next(), previous, time: this.#time, source, n, bytes };
  }

  members(nodes: readonly Incarnation[], gone: readonly Incarnation[]): Members {
    const previous = this.#last;
    return { kind: 'members', at: this.#next(), previous, time: this.#time, nodes, gone };
  }

  #next(): Position {
    this.#last = { epoch: this.#epoch, seq: this.#last.seq + 1 };
    return this.#last;
  }
}
