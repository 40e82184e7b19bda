/** Requests that this member was asked and has not answered (Q1). */
import type { ProcessorId } from '@choir/ftmp';
import { requestsMax } from './limits.ts';

export class Duties {
  readonly #open = new Map<ProcessorId, Set<number>>();
  #count = 0;

  has(asker: ProcessorId, number: number): boolean {
    return this.#open.get(asker)?.has(number) ?? false;
  }

  /** Of one that it does not have: whether there was room for it; it is then to be answered. */
  add(asker: ProcessorId, number: number): boolean {
    if (this.#count >= requestsMax) return false;
    const open = this.#open.get(asker) ?? new Set();
    this.#open.set(asker, open.add(number));
    this.#count += 1;
    return true;
  }

  /** Whether it was open; it is not any more. */
  fulfil(asker: ProcessorId, number: number): boolean {
    if (this.#open.get(asker)?.delete(number) !== true) return false;
    this.#count -= 1;
    return true;
  }

  /** Nobody waits for the answers any more. */
  gone(asker: ProcessorId): void {
    this.#count -= this.#open.get(asker)?.size ?? 0;
    this.#open.delete(asker);
  }
}
