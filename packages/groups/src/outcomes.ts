/**
 * The outcomes that a chain remembers, oldest first: nearly all of them say that all went well, so
 * these are numbers in a ring, and only what else there is to say is kept as an object.
 *
 * Every client has some hundreds of them in each of its groups.
 */
import type { LocalId, Position } from '@choir/protocol';
import type { Result } from './effect.ts';

/** What became of one submission, kept so that a repetition gets the same answer. */
export type Outcome = {
  readonly localId: LocalId;
  readonly at: Position;
  /** CRC-32 of the submission's body: tells a repetition from a reused local id. */
  readonly checksum: number;
  readonly result: Result;
};

const ok: Result = { kind: 'ok' };
/** Local id, epoch, seq, checksum. */
const numbersEach = 4;
const capacityMin = 4;

export class Outcomes {
  /** A ring of `capacity`, a power of two; ascending by local id. */
  #numbers = new Float64Array(capacityMin * numbersEach);
  #capacity = capacityMin;
  #start = 0;
  #count = 0;
  /** By local id: results that are not just `ok`. */
  readonly #results = new Map<number, Result>();

  get count(): number {
    return this.#count;
  }

  at(index: number): Outcome {
    const numbers = this.#numbers;
    const from = this.#slot(index);
    const localId = numbers[from] as LocalId;
    return {
      localId,
      at: { epoch: numbers[from + 1] ?? 0, seq: numbers[from + 2] ?? 0 },
      checksum: numbers[from + 3] ?? 0,
      result: this.#results.get(localId) ?? ok,
    };
  }

  /** Index of the outcome with that local id; -1 when there is none. */
  find(localId: LocalId): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[this.#slot(middle)] ?? 0) < localId) low = middle + 1;
      else high = middle;
    }
    return low < this.#count && this.#numbers[this.#slot(low)] === localId ? low : -1;
  }

  /** Its local id is above all others. */
  push({ localId, at, checksum, result }: Outcome): void {
    if (this.#count === this.#capacity) this.#grow();
    const from = this.#slot(this.#count);
    this.#numbers[from] = localId;
    this.#numbers[from + 1] = at.epoch;
    this.#numbers[from + 2] = at.seq;
    this.#numbers[from + 3] = checksum;
    this.#count += 1;
    if (result.kind !== 'ok') this.#results.set(localId, result);
  }

  replace(index: number, at: Position, result: Result): void {
    const from = this.#slot(index);
    const localId = this.#numbers[from] ?? 0;
    this.#numbers[from + 1] = at.epoch;
    this.#numbers[from + 2] = at.seq;
    if (result.kind === 'ok') this.#results.delete(localId);
    else this.#results.set(localId, result);
  }

  /** Forgets the oldest that does not say `waiting`; nothing when all do. */
  forgetOldest(): void {
    let index = 0;
    while (index < this.#count && this.#isWaiting(index)) index += 1;
    if (index === this.#count) return;
    this.#results.delete(this.#numbers[this.#slot(index)] ?? 0);
    // Those before it move up: hardly ever are there any.
    for (; index > 0; index -= 1) {
      const from = this.#slot(index - 1);
      this.#numbers.copyWithin(this.#slot(index), from, from + numbersEach);
    }
    this.#start = (this.#start + 1) & (this.#capacity - 1);
    this.#count -= 1;
  }

  /** Calls with each that is `ok` as numbers, which is cheaper, and with the others as they are. */
  visit(
    visitOk: (localId: number, epoch: number, seq: number, checksum: number) => void,
    visitOther: (outcome: Outcome) => void,
  ): void {
    const numbers = this.#numbers;
    const anyOther = this.#results.size > 0;
    for (let index = 0; index < this.#count; index += 1) {
      const from = this.#slot(index);
      const localId = numbers[from] ?? 0;
      if (anyOther && this.#results.has(localId)) visitOther(this.at(index));
      else visitOk(localId, numbers[from + 1] ?? 0, numbers[from + 2] ?? 0, numbers[from + 3] ?? 0);
    }
  }

  #isWaiting(index: number): boolean {
    if (this.#results.size === 0) return false;
    return this.#results.get(this.#numbers[this.#slot(index)] ?? 0)?.kind === 'waiting';
  }

  #slot(index: number): number {
    return ((this.#start + index) & (this.#capacity - 1)) * numbersEach;
  }

  #grow(): void {
    const larger = new Float64Array(this.#numbers.length * 2);
    const cut = this.#start * numbersEach;
    larger.set(this.#numbers.subarray(cut));
    larger.set(this.#numbers.subarray(0, cut), this.#numbers.length - cut);
    this.#numbers = larger;
    this.#capacity *= 2;
    this.#start = 0;
  }
}
