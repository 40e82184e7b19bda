/**
 * Which numbers were taken, in bounded memory: the newest ones each, all below them as taken. Numbers rise, but several
 * replicas send them, and those of one may come late.
 *
 * What is judged follows from the numbers that came, in their order, so that all members judge alike.
 */

/** How far below the highest number one may come late. */
export const lateMax = 1_024;

export class Window {
  readonly #taken = new Uint8Array(lateMax);
  #highest = -1;

  /**
   * @param number 0 … 2^53-1
   * @returns true the first time; false for one that was taken, or is too late to tell
   */
  take(number: number): boolean {
    if (number <= this.#highest - lateMax) return false;
    if (number > this.#highest) this.#rise(number);
    const at = number % lateMax;
    if (this.#taken[at] === 1) return false;
    this.#taken[at] = 1;
    return true;
  }

  /** The numbers between are not taken; their places were those of lower ones. */
  #rise(number: number): void {
    const from = Math.max(this.#highest + 1, number - lateMax + 1);
    for (let free = from; free <= number; free += 1) this.#taken[free % lateMax] = 0;
    this.#highest = number;
  }
}
