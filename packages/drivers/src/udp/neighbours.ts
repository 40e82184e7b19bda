/**
 * Whether other processes of this machine listen to what this one multicasts. If none does, the system need not loop its datagrams
 * back, which would cost it as much as another member.
 *
 * B1 While a neighbour was heard within `rememberedMs`, every datagram is looped back.
 * B2 Otherwise one is every `probeMs`, so that neighbours who do not hear each other yet, or any more, come to hear each other.
 */
import { networkInterfaces } from 'node:os';
import type { Destination } from './destination.ts';

const rememberedMs = 5_000;
/** Less than the interval of whatever is repeated until somebody hears it. */
const probeMs = 100;
/** Addresses whose place is remembered. */
const placesMax = 1_024;

export class Neighbours {
  readonly #own: Destination;
  readonly #localAddresses: () => readonly string[];
  readonly #places = new Map<string, boolean>();
  #heardAt = Number.NEGATIVE_INFINITY;
  #probedAt = Number.NEGATIVE_INFINITY;

  /** @param own where this process sends from */
  constructor(own: Destination, localAddresses: () => readonly string[] = addressesOfThisMachine) {
    this.#own = own;
    this.#localAddresses = localAddresses;
  }

  /** A multicast datagram has come; true when this process sent it. */
  heard({ address, port }: Destination, now: number): boolean {
    if (address === this.#own.address && port === this.#own.port) return true;
    if (this.#isLocal(address)) this.#heardAt = now;
    return false;
  }

  /** Whether a datagram that is sent now has to be looped back. */
  loops(now: number): boolean {
    if (now - this.#heardAt < rememberedMs) return true;
    if (now - this.#probedAt < probeMs) return false;
    this.#probedAt = now;
    return true;
  }

  #isLocal(address: string): boolean {
    const known = this.#places.get(address);
    if (known !== undefined) return known;
    if (this.#places.size >= placesMax) this.#places.clear();
    const isLocal = this.#localAddresses().includes(address);
    this.#places.set(address, isLocal);
    return isLocal;
  }
}

function addressesOfThisMachine(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => address),
  );
}
