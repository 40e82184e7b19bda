/**
 * What an application is told of its seeds: which names among them have no address. Whom they stand for the drivers look up themselves, and
 * again while a group is looked for; so is looked here at those without an address.
 */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { isIP, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import type { NetworkOptions } from '@choir/drivers';
import { GroupError } from '../group-error.ts';

/** While a group is looked for, names without an address are looked up so often. */
export const lookAgainMs = 5_000;

export type LookUp = (name: string, options: LookupAllOptions) => Promise<readonly LookupAddress[]>;

/** A seed without an address, and why. */
export type Unfound = { readonly seed: string; readonly why: string };

export class Seeds {
  readonly #network: NetworkOptions;
  readonly #lookUp: LookUp;
  #unfound: readonly Unfound[] = [];

  private constructor(network: NetworkOptions, lookUp: LookUp) {
    this.#network = network;
    this.#lookUp = lookUp;
  }

  /** Looks all names up. @throws GroupError `group-option` when no seed has an address */
  static async of(network: NetworkOptions, lookUp: LookUp = promisify(lookup)): Promise<Seeds> {
    const seeds = new Seeds(network, lookUp);
    const all = network.kind === 'unicast' ? (network.seeds ?? []) : [];
    seeds.#unfound = await seeds.#without(all);
    if (all.length === 0 || seeds.#unfound.length < all.length) return seeds;
    const problems = seeds.#unfound.map(({ seed, why }) => `${seed}: ${why}`);
    throw new GroupError('group-option', `No seed has an address: ${problems.join('; ')}.`);
  }

  /** Those that had no address when they were looked up last. */
  get unfound(): readonly Unfound[] {
    return this.#unfound;
  }

  /** Looks again at those without an address, until `stop` is called: at once, and every 5 s, unless that is not over yet. */
  watch(): { readonly stop: () => void } {
    let isLooking = false;
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      this.#unfound = await this.#without(this.#unfound.map(({ seed }) => seed));
      isLooking = false;
    };
    const timer = setInterval(look, lookAgainMs).unref();
    void look();
    return { stop: () => clearInterval(timer) };
  }

  async #without(seeds: readonly string[]): Promise<readonly Unfound[]> {
    const looked = await Promise.all(seeds.map((seed) => this.#problem(seed)));
    return looked.filter((problem) => problem !== null);
  }

  async #problem(seed: string): Promise<Unfound | null> {
    const [, name] = /^([^:[\]/\s]+):\d+$/.exec(seed) ?? [];
    if (name === undefined || isIP(name) !== 0) return null;
    const family = this.#network.kind === 'unicast' && isIPv6(this.#network.host) ? 6 : 4;
    try {
      await this.#lookUp(name, { all: true, family });
      return null;
    } catch (error) {
      return { seed, why: (error as Error).message };
    }
  }
}

/** What an operator is told of a seed that is not asked. */
export function unfoundWarning({ seed, why }: Unfound): string {
  return (
    `The seed ${seed} has no address (${why}), and is not asked. It is looked up again every ${lookAgainMs / 1_000} s while a group is looked for: ` +
    'start its host, or correct the name.'
  );
}
