// The last datagrams of each message type: those that are sent all the time do not drive out the rare ones.
import type { Random } from '@choir/testkit';

/** Where a message has its type (H1). */
export const typeAt = 7;

const keptOfType = 64;

export class Kept {
  readonly #types = new Map<number, { readonly kept: Uint8Array[]; count: number }>();

  add(type: number, bytes: Uint8Array): void {
    const some = this.#types.get(type) ?? { kept: [], count: 0 };
    this.#types.set(type, some);
    // A copy: whose it is gives it back.
    some.kept[some.count % keptOfType] = new Uint8Array(bytes);
    some.count += 1;
  }

  pick(random: Random): Uint8Array {
    return random.pick(random.pick([...this.#types.values()]).kept);
  }
}
