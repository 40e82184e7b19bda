/** Messages that were handed over and have not come back: whether they were sent is not known. */
import type { GroupCore, Outflow } from './core/index.ts';

export class UnderWay {
  #count = 0;

  /** One was handed over. Those by which a process becomes a member are not what it said to the group. */
  sent(core: GroupCore): void {
    if (core.members.length > 0) this.#count += 1;
  }

  /** One of this process has come. */
  came(core: GroupCore): void {
    if (core.members.length > 0 && this.#count > 0) this.#count -= 1;
  }

  /** The process was excluded, and told so. */
  renew(): void {
    this.#count = 0;
  }

  /** How many there are, with those that wait to be handed over. The core is over, and is emptied. */
  unsent(core: GroupCore, outflow: Outflow): number {
    let waiting = 0;
    while (core.next() !== null) waiting += 1;
    const held = outflow.isEmpty(core) ? 0 : 1;
    return this.#count + waiting + held;
  }
}
