/** The message types that were sent on a network, and when last: what `drop-type` draws from. */
import type { Random } from '../random.ts';
import type { DatagramNetwork } from './network.ts';

export class TypesSeen {
  readonly typeOf: (bytes: Uint8Array) => number | null;
  readonly #network: DatagramNetwork;
  readonly #seenAt = new Map<number, number>();

  constructor(network: DatagramNetwork, typeOf: (bytes: Uint8Array) => number | null) {
    this.#network = network;
    this.typeOf = typeOf;
    network.tap((bytes) => {
      const type = typeOf(bytes);
      if (type !== null) this.#seenAt.set(type, network.now);
    });
  }

  /** One of the types seen so far, rare ones as likely as common ones; null when none was. */
  draw(random: Random): number | null {
    return this.#seenAt.size === 0 ? null : random.pick([...this.#seenAt.keys()]);
  }

  isRecent(type: number, withinMs: number): boolean {
    const seenAt = this.#seenAt.get(type);
    return seenAt !== undefined && this.#network.now - seenAt <= withinMs;
  }
}
