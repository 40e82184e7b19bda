/**
 * A queue that is taken from without moving what is left. What was taken it keeps no hold of: a queue that is never empty would otherwise
 * keep everything that ever passed it.
 */

/** So many places that were taken from are kept at least; beyond that, as many as are left. */
const takenMin = 1_024;

export class Fifo<Item extends object> {
  #items: (Item | undefined)[] = [];
  /** Of the first that was not taken; within the items unless there are none. */
  #at = 0;

  get length(): number {
    return this.#items.length - this.#at;
  }

  /** Undefined when there is none. */
  get first(): Item | undefined {
    return this.#items[this.#at];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Takes the first; undefined when there is none. */
  shift(): Item | undefined {
    // Where one comes and goes at a time, the array keeps its memory so.
    if (this.#items.length <= 1) return this.#items.pop();
    const item = this.#items[this.#at];
    this.#items[this.#at] = undefined;
    this.#at += 1;
    if (this.#at === this.#items.length) this.clear();
    else if (this.#at >= takenMin && this.#at >= this.length) {
      this.#items = this.#items.slice(this.#at);
      this.#at = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#at = 0;
  }

  /** What is in it, the first first. */
  all(): readonly Item[] {
    return this.#items.slice(this.#at).filter((item) => item !== undefined);
  }
}
