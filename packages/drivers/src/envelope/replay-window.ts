/** Which counters of a transmitter were taken (X6): each once, none that is 1,024 or more below the highest. */
const width = 1_024;

export class ReplayWindow {
  readonly #seen = new Uint32Array(width / 32);
  readonly #floor: number;
  #highest: number;

  /** @param floor this counter and all below it count as taken */
  constructor(floor: number) {
    this.#floor = floor;
    this.#highest = floor;
  }

  mayTake(counter: number): boolean {
    if (counter > this.#highest) return true;
    if (counter <= this.#floor || counter <= this.#highest - width) return false;
    return ((this.#seen[(counter % width) >> 5] ?? 0) & (1 << (counter & 31))) === 0;
  }

  /** Only for what `mayTake`, after it was found to be genuine. */
  take(counter: number): void {
    if (counter - this.#highest >= width) this.#seen.fill(0);
    else for (let at = this.#highest + 1; at < counter; at += 1) this.#set(at, false);
    this.#set(counter, true);
    this.#highest = Math.max(this.#highest, counter);
  }

  #set(counter: number, seen: boolean): void {
    const at = (counter % width) >> 5;
    const bit = 1 << (counter & 31);
    const word = this.#seen[at] ?? 0;
    this.#seen[at] = seen ? word | bit : word & ~bit;
  }
}
