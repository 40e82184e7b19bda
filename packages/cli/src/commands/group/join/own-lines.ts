/**
 * The lines that this process multicasts, counted until each has come back: then it has its place in the order.
 *
 * - W1 What a process says comes back in the order in which it was said, so lines are counted and not told apart.
 * - W2 What has not come back when the others remove this process never does; the others may have it all the same.
 */
import type { Member } from '@choir/process-group';

type MemberId = Member['id'];

export class OwnLines {
  /** Said and not back, by what this process was called then: it comes back under another id. */
  readonly #open = new Map<MemberId, number>();
  #waiting = 0;
  #lost = 0;
  #settled = Promise.withResolvers<void>();

  /** A line was read, and waits for room. */
  read(): void {
    this.#waiting += 1;
  }

  /** The line that waited was handed over, as this member. */
  said(by: MemberId | undefined): void {
    this.#waiting -= 1;
    if (by === undefined) this.#lost += 1;
    else this.#open.set(by, (this.#open.get(by) ?? 0) + 1);
  }

  /** A line came, of any member. */
  heard(from: MemberId): void {
    const open = this.#open.get(from);
    if (open === undefined) return;
    if (open > 1) this.#open.set(from, open - 1);
    else this.#open.delete(from);
    if (this.#open.size === 0) this.#settle();
  }

  /**
   * The others have removed this process (W2).
   *
   * @param present what it is called since, if it is back
   * @returns how many lines will not come back
   */
  excluded(present: MemberId | undefined): number {
    let lost = 0;
    for (const [id, open] of this.#open) {
      if (id === present) continue;
      this.#open.delete(id);
      lost += open;
    }
    this.#lost += lost;
    if (this.#open.size === 0) this.#settle();
    return lost;
  }

  /** Lines that may still come back. */
  get open(): number {
    let sum = 0;
    for (const open of this.#open.values()) sum += open;
    return sum;
  }

  /** Lines that were read and have not come back, for whatever reason. */
  get missing(): number {
    return this.#waiting + this.open + this.#lost;
  }

  /** Resolves when no line is open. */
  get settled(): Promise<void> {
    return this.#open.size === 0 ? Promise.resolve() : this.#settled.promise;
  }

  #settle(): void {
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
  }
}
