/**
 * Where the seeds are: addresses as they are given, and of each name all addresses that the system finds for it.
 *
 * S1 While anyone is asked, names are looked up again, at most every `renewMs`: a host may start later, or move. Each is looked up once at a time:
 *    a name service that is gone answers late, and look-ups take threads that the whole process shares.
 * S2 Where nothing is found, what was found before is asked on: a name service may be gone for a moment.
 * S3 Addresses of another family than the socket's are not asked: nothing gets there from it.
 */
import { type LookupAllOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { DriverError } from '../driver-error.ts';
import { type Destination, parseDestination } from './destination.ts';

/** Names are looked up so often at most. */
export const renewMs = 5_000;
const portMax = 65_535;

type Named = {
  readonly name: string;
  readonly port: number;
  found: readonly Destination[];
  isLookedUp: boolean;
};

export type LookUp = (
  name: string,
  options: LookupAllOptions,
  found: (
    error: NodeJS.ErrnoException | null,
    addresses: readonly { readonly address: string }[],
  ) => void,
) => void;

export type SeedOptions = {
  /** Of the socket, from which they are asked. */
  readonly family: 4 | 6;
  /** Is told of each look-up in vain: the code of the system, as ENOTFOUND. */
  readonly failed: (code: string) => void;
  readonly lookUp?: LookUp;
};

export class SeedAddresses implements Iterable<Destination> {
  readonly #fixed: Destination[] = [];
  readonly #named: Named[] = [];
  readonly #options: SeedOptions;
  #renewedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param seeds each `HOST:PORT`, where the host is an IP address or a name
   * @throws DriverError `drivers-address` for anything else
   */
  constructor(seeds: readonly string[], options: SeedOptions) {
    this.#options = options;
    for (const seed of seeds) {
      const named = parseNamed(seed);
      if (named === null) this.#fixed.push(parseDestination(seed));
      else this.#named.push(named);
    }
  }

  /** Everyone that is known by now. */
  *[Symbol.iterator](): Generator<Destination> {
    yield* this.#fixed;
    for (const { found } of this.#named) yield* found;
  }

  /** S1: somebody is asked now. What is found is known later. */
  renew(now: number): void {
    if (this.#named.length === 0 || now - this.#renewedAt < renewMs) return;
    this.#renewedAt = now;
    for (const named of this.#named) if (!named.isLookedUp) this.#lookUp(named);
  }

  #lookUp(named: Named): void {
    const { family, failed, lookUp = lookup } = this.#options;
    named.isLookedUp = true;
    lookUp(named.name, { all: true, family }, (error, addresses) => {
      named.isLookedUp = false;
      if (error === null)
        named.found = addresses.map(({ address }) => ({ address, port: named.port }));
      else failed(error.code ?? error.message);
    });
  }
}

/** Null when it is no name and a port. */
function parseNamed(seed: string): Named | null {
  const [, name = '', digits = ''] = /^([^:[\]/\s]+):(\d{1,5})$/.exec(seed) ?? [];
  if (seed.startsWith('[') || isIP(name) !== 0) return null;
  const port = Number(digits);
  if (name !== '' && port >= 1 && port <= portMax)
    return { name, port, found: [], isLookedUp: false };
  throw new DriverError(
    'drivers-address',
    `"${seed}" is no seed: write an IP address or a name, and a port, as 10.0.0.1:7800, [fd00::1]:7800 or first.example:7800.`,
  );
}
