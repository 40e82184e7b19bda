/**
 * Where epochs begin: tells positions that exist from those that do not (DESIGN, "Positions").
 * P1 Epochs and their first positions ascend together.
 */
import type { Position } from '@choir/protocol';

export type EpochStart = { readonly epoch: number; readonly seq: number };

/**
 * `beyond`: its epoch is over and ended before it, or is not in this log though a later one is: what it names was
 * lost with a disk.
 */
export type Standing = 'known' | 'beyond' | 'unknown';

export class Epochs {
  readonly #starts: EpochStart[];

  constructor(starts: readonly EpochStart[]) {
    this.#starts = [...starts];
  }

  get starts(): readonly EpochStart[] {
    return this.#starts;
  }

  /** An entry was applied. */
  apply({ epoch, seq }: Position): void {
    const last = this.#starts.at(-1);
    if (last === undefined || epoch > last.epoch) this.#starts.push({ epoch, seq });
  }

  standing({ epoch, seq }: Position, head: Position): Standing {
    if (seq === 0) return 'known';
    const index = this.#starts.findIndex((start) => start.epoch === epoch);
    if (index === -1) return epoch < head.epoch ? 'beyond' : 'unknown';
    const next = this.#starts[index + 1];
    if (next === undefined) return seq <= head.seq ? 'known' : 'unknown';
    return seq < next.seq ? 'known' : 'beyond';
  }
}
